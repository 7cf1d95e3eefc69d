package correlate

import (
	"fmt"
	"slices"
	"strings"

	"github.com/pcapdiag/pcapdiag/analyzer/text"
	"github.com/pcapdiag/pcapdiag/decoders/checksum"
)

// A Difference is one property that all lost packets share and none that
// arrived has.
type Difference struct {
	Property      text.Text
	Lost, Arrived string // its values, as words that are the same in both languages
}

// Difference returns what tells the lost packets of l from those that arrived,
// the property that explains most first. It reports false where nothing does.
func (l *Loss) Difference() (Difference, bool) { return difference(l.Lost, l.Arrived) }

// A property is one thing that may decide whether a packet gets through.
type property struct {
	name  text.Text
	value func(Packet) string // "" where the packet does not have it
	weak  bool                // it often goes with a loss by chance: one packet proves nothing
}

// properties are compared in this order: what explains a loss by itself comes
// before what merely goes with it.
var properties = []property{
	{name: text.Text{EN: "outer checksum", ZH: "外层校验和"}, value: outerSum},
	{name: text.Text{EN: "fragmented", ZH: "分片"}, value: fragmented},
	{name: text.Text{EN: "outer source port", ZH: "外层源端口"}, value: outerPort, weak: true},
}

func outerSum(p Packet) string {
	switch {
	case p.Outer == checksum.None:
		return ""
	case p.Outer == checksum.Absent || p.Outer.Fault():
		return fmt.Sprintf("0x%04x (%s)", p.OuterSum, p.Outer)
	}
	return p.Outer.String()
}

func fragmented(p Packet) string {
	if p.Fragment {
		return "yes"
	}
	return "no"
}

func outerPort(p Packet) string {
	if p.Outer == checksum.None {
		return ""
	}
	return fmt.Sprint(p.OuterPort)
}

// maxValues bounds the different values that are named of what arrived.
const maxValues = 4

func difference(lost, arrived []Packet) (Difference, bool) {
	if len(lost) == 0 || len(arrived) == 0 {
		return Difference{}, false
	}
	for _, p := range properties {
		if p.weak && len(lost) < 2 {
			continue
		}
		if d, ok := p.tell(lost, arrived); ok {
			return d, true
		}
	}
	if len(lost) < 2 {
		return Difference{}, false
	}
	return bySize(lost, arrived)
}

// tell reports whether p is the same on all lost packets and on none that
// arrived.
func (p property) tell(lost, arrived []Packet) (Difference, bool) {
	value := p.value(lost[0])
	if value == "" || slices.ContainsFunc(lost, func(x Packet) bool { return p.value(x) != value }) {
		return Difference{}, false
	}
	var others []string
	for _, x := range arrived {
		v := p.value(x)
		if v == value {
			return Difference{}, false
		}
		if !slices.Contains(others, v) && len(others) <= maxValues {
			others = append(others, v)
		}
	}
	if len(others) > maxValues {
		others = append(others[:maxValues], "…")
	}
	return Difference{Property: p.name, Lost: value, Arrived: strings.Join(others, ", ")}, true
}

// bySize finds a size that all lost packets exceed and none that arrived.
func bySize(lost, arrived []Packet) (Difference, bool) {
	smallest, largest := lost[0].Size, 0
	for _, p := range lost {
		smallest = min(smallest, p.Size)
	}
	for _, p := range arrived {
		largest = max(largest, p.Size)
	}
	if smallest <= largest {
		return Difference{}, false
	}
	return Difference{
		Property: text.Text{EN: "datagram size", ZH: "报文长度"},
		Lost:     fmt.Sprintf(">= %d B", smallest), Arrived: fmt.Sprintf("<= %d B", largest),
	}, true
}
