package bounded

import "iter"

// A List is a Map whose keys are small numbers from 1 up, as flow.Peers gives
// them: where a Map searches, it looks. Nothing is deleted from it.
type List[V any] struct {
	max    int
	full   func()
	places []uint32      // by number: position+1 of its entry, or 0
	pages  []*[perPage]V // the entries, which stay where they are
	made   []uint32      // numbers of the entries, in the order in which they were made
}

// perPage is the number of entries allocated at a time.
const perPage = 64

// NewList returns an empty list for at most max entries. full is called each
// time that an entry finds no room, to say so in the report.
func NewList[V any](max int, full func()) *List[V] { return &List[V]{max: max, full: full} }

// Len returns the number of entries.
func (l *List[V]) Len() int { return len(l.made) }

// Get returns the entry of number n, or nil. 0 has none.
func (l *List[V]) Get(n uint32) *V {
	if uint(n) >= uint(len(l.places)) || l.places[n] == 0 {
		return nil
	}
	return l.at(l.places[n] - 1)
}

func (l *List[V]) at(position uint32) *V { return &l.pages[position/perPage][position%perPage] }

// Make returns the entry of number n, new and zero where there was none. It
// returns nil where there is no room for another, and for 0, which stands for
// what found no number.
func (l *List[V]) Make(n uint32) *V {
	if v := l.Get(n); v != nil {
		return v
	}
	if n == 0 || len(l.made) >= l.max {
		l.full()
		return nil
	}
	for uint32(len(l.places)) <= n {
		l.places = append(l.places, 0)
	}
	position := uint32(len(l.made))
	if position%perPage == 0 {
		l.pages = append(l.pages, new([perPage]V))
	}
	l.made = append(l.made, n)
	l.places[n] = position + 1
	return l.at(position)
}

// All returns the entries in the order in which they were made.
func (l *List[V]) All() iter.Seq2[uint32, *V] {
	return func(yield func(uint32, *V) bool) {
		for position, n := range l.made {
			if !yield(n, l.at(uint32(position))) {
				return
			}
		}
	}
}
