package prose

import (
	"fmt"
	"iter"
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
	var parts []string
	for first, last := range runs(slices.Compact(slices.Sorted(slices.Values(frames)))) {
		s := fmt.Sprint(first)
		if last > first {
			s += fmt.Sprintf("..%d", last)
		}
		parts = append(parts, s)
	}
	return strings.Join(parts, ",")
}

// runs returns the first and the last of those of numbers, which rise, that
// follow each other.
func runs(numbers []int) iter.Seq2[int, int] {
	return func(yield func(first, last int) bool) {
		for i := 0; i < len(numbers); {
			last := i
			for last+1 < len(numbers) && numbers[last+1] == numbers[last]+1 {
				last++
			}
			if !yield(numbers[i], numbers[last]) {
				return
			}
			i = last + 1
		}
	}
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
