package bounded_test

import (
	"slices"
	"testing"

	"github.com/pcapdiag/pcapdiag/analyzer/bounded"
)

func TestMap(t *testing.T) {
	refused := 0
	m := bounded.New[string, int](3, func() { refused++ })
	if m.Get("a") != nil {
		t.Error("an empty map has an entry")
	}
	for _, k := range []string{"c", "a", "b", "a", "d"} {
		if v := m.Make(k); v != nil {
			*v++
		}
	}
	if m.Len() != 3 || refused != 1 || m.Get("d") != nil {
		t.Errorf("%d entries, %d refused; want 3 and 1", m.Len(), refused)
	}
	if v := m.Make("a"); v == nil || *v != 2 {
		t.Error("a full map does not return what it has")
	}
	m.Delete("c")
	m.Make("e")
	var order []string
	for k := range m.All() {
		order = append(order, k)
	}
	if !slices.Equal(order, []string{"a", "b", "e"}) {
		t.Errorf("order %q, want a, b, e", order)
	}
	for k := range m.All() {
		if k != "a" {
			t.Errorf("%s after a break", k)
		}
		break
	}
}

func TestList(t *testing.T) {
	refused := 0
	l := bounded.NewList[int](3, func() { refused++ })
	if l.Get(0) != nil || l.Get(7) != nil {
		t.Error("an empty list has an entry")
	}
	first := l.Make(900)
	for _, n := range []uint32{900, 1, 4, 1, 5, 0} {
		if v := l.Make(n); v != nil {
			*v++
		}
	}
	if l.Len() != 3 || refused != 2 || l.Get(5) != nil || l.Get(0) != nil {
		t.Errorf("%d entries, %d refused; want 3 and 2", l.Len(), refused)
	}
	if v := l.Make(1); v == nil || *v != 2 || l.Get(900) != first || *first != 1 {
		t.Error("entries move, or get lost")
	}
	var order []uint32
	for n := range l.All() {
		order = append(order, n)
		if len(order) == 2 {
			break
		}
	}
	if !slices.Equal(order, []uint32{900, 1}) {
		t.Errorf("order %d, want 900, 1", order)
	}
}
