package decoders

import (
	"fmt"
	"strings"
)

// Codes of the remarks.
const (
	RemarkIncomplete   = "fragments-incomplete" // datagrams of which not all fragments came
	RemarkEvicted      = "fragments-evicted"    // datagrams given up because too many were in pieces at once
	RemarkVXLANGuessed = "vxlan-port-guessed"   // VXLAN on ports that no one named
)

// A Remark is something that no single frame shows.
type Remark struct {
	Code       string // stable kebab-case word
	Count      int
	FirstFrame int
	Detail     string // for people
}

// Remarks returns what the frames decoded so far show only together. It ends
// the wait for fragments: call it after the last frame.
func (d *Decoder) Remarks() []Remark {
	r := &d.fragments
	for r.oldest != nil {
		r.drop(r.oldest, &r.incomplete)
	}
	var all []Remark
	for _, m := range [...]struct {
		remark
		code, detail string
	}{
		{r.incomplete, RemarkIncomplete, "datagrams of which not all fragments were captured"},
		{r.evicted, RemarkEvicted, fmt.Sprintf("more datagrams in pieces at once than are kept (%d, %d bytes)", maxDatagrams, maxFragmentBytes)},
		{d.guesses.total, RemarkVXLANGuessed, d.guesses.detail()},
	} {
		if m.count > 0 {
			all = append(all, Remark{m.code, m.count, m.first, m.detail})
		}
	}
	return all
}

// A remark counts one kind of thing.
type remark struct{ count, first int }

// add counts one thing that begins with a frame.
func (m *remark) add(frame int) {
	if m.count++; m.first == 0 || frame < m.first {
		m.first = frame
	}
}

// detail names the ports.
func (g *guesses) detail() string {
	var ports strings.Builder
	for i, p := range g.ports {
		if i > 0 {
			ports.WriteString(", ")
		}
		fmt.Fprint(&ports, p)
	}
	return fmt.Sprintf("packets to UDP port %s are VXLAN by their shape; the first %d to each port were left undecoded: name the port to decode them too",
		&ports, vxlanAgree-1)
}
