// Package bounded holds what detectors remember: maps that grow with the
// traffic, up to a limit, and that are read in the order in which they grew.
package bounded

import (
	"cmp"
	"iter"
	"maps"
	"slices"
)

// A Map is a map of at most a fixed number of entries. It remembers their
// order, so that what is reported of them does not depend on the order of a
// Go map.
type Map[K comparable, V any] struct {
	max     int
	full    func()
	entries map[K]*entry[K, V]
	last    uint64 // number of entries ever made
}

type entry[K comparable, V any] struct {
	number uint64
	key    K
	value  V
}

// New returns an empty map for at most max entries. full is called each time
// that an entry finds no room, to say so in the report.
func New[K comparable, V any](max int, full func()) *Map[K, V] {
	return &Map[K, V]{max: max, full: full, entries: map[K]*entry[K, V]{}}
}

// Len returns the number of entries.
func (m *Map[K, V]) Len() int { return len(m.entries) }

// Get returns the entry of k, or nil.
func (m *Map[K, V]) Get(k K) *V {
	if e := m.entries[k]; e != nil {
		return &e.value
	}
	return nil
}

// Make returns the entry of k, new and zero where there was none. It returns
// nil where there is no room for another.
func (m *Map[K, V]) Make(k K) *V {
	if e := m.entries[k]; e != nil {
		return &e.value
	}
	if len(m.entries) >= m.max {
		m.full()
		return nil
	}
	m.last++
	e := &entry[K, V]{number: m.last, key: k}
	m.entries[k] = e
	return &e.value
}

// Delete forgets the entry of k.
func (m *Map[K, V]) Delete(k K) { delete(m.entries, k) }

// All returns the entries in the order in which they were made.
func (m *Map[K, V]) All() iter.Seq2[K, *V] {
	list := slices.SortedFunc(maps.Values(m.entries), func(a, b *entry[K, V]) int { return cmp.Compare(a.number, b.number) })
	return func(yield func(K, *V) bool) {
		for _, e := range list {
			if !yield(e.key, &e.value) {
				return
			}
		}
	}
}
