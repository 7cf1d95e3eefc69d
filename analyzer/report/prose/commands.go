package prose

import (
	"fmt"
	"slices"
	"strings"

	"github.com/pcapdiag/pcapdiag/analyzer"
	"github.com/pcapdiag/pcapdiag/analyzer/finding"
	"github.com/pcapdiag/pcapdiag/analyzer/report/escape"
	"github.com/pcapdiag/pcapdiag/decoders"
	"github.com/pcapdiag/pcapdiag/decoders/capture"
)

// Tshark returns the commands that show the evidence of f in tshark, one for
// each file that has any, to be pasted into a shell. They switch on what
// tshark leaves off: verifying checksums, and taking UDP port 8472 for VXLAN.
func Tshark(r *analyzer.Report, f *finding.Finding) []string {
	var order []int
	frames := map[int][]int{} // by capture
	for _, e := range f.Evidence {
		c, number := r.Locate(e.Point, e.Frame)
		if at := r.Captures[c]; at.InArchive || at.Format == capture.FormatText {
			continue // tshark opens neither
		}
		if frames[c] == nil {
			order = append(order, c)
		}
		frames[c] = append(frames[c], number)
	}
	var commands []string
	for _, c := range order {
		s := "tshark -r " + Shell(r.Captures[c].Path)
		if f.Flow.Encap == decoders.EncapVXLAN.String() {
			s += " -d udp.port==8472,vxlan"
		}
		s += " -o udp.check_checksum:TRUE -o tcp.check_checksum:TRUE"
		commands = append(commands, s+" -Y 'frame.number in {"+ranges(frames[c])+"}'")
	}
	return commands
}

// ranges writes frame numbers as a set of Wireshark's display filters,
// "1..7,9".
func ranges(frames []int) string {
	frames = slices.Compact(slices.Sorted(slices.Values(frames)))
	var parts []string
	for i := 0; i < len(frames); {
		last := i
		for last+1 < len(frames) && frames[last+1] == frames[last]+1 {
			last++
		}
		if last == i {
			parts = append(parts, fmt.Sprint(frames[i]))
		} else {
			parts = append(parts, fmt.Sprintf("%d..%d", frames[i], frames[last]))
		}
		i = last + 1
	}
	return strings.Join(parts, ",")
}

// Shell returns s as one word of a POSIX shell. Characters that do not show as
// themselves are made visible: such a path cannot be pasted, and must not act
// on the terminal it is pasted into.
func Shell(s string) string {
	s = escape.Text(s)
	plain := s != "" && strings.IndexFunc(s, func(r rune) bool {
		return !('a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9' || strings.ContainsRune("_-./:@%+,", r))
	}) < 0
	if plain {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}
