package correlate

// arenaChunk is the number of sightings allocated at a time.
const arenaChunk = 1 << 12

// An arena holds sightings of all flows: one allocation for thousands of
// packets. Indices are one too high, so that 0 means none.
type arena struct {
	chunks []*[arenaChunk]sighting
	used   uint32
	unused uint32 // first of the list of those given back, linked by next
}

func (a *arena) at(i uint32) *sighting {
	i--
	return &a.chunks[i/arenaChunk][i%arenaChunk]
}

// put stores x and returns its index.
func (a *arena) put(x sighting) uint32 {
	i := a.unused
	if i != 0 {
		a.unused = a.at(i).next
	} else {
		if int(a.used) == len(a.chunks)*arenaChunk {
			a.chunks = append(a.chunks, new([arenaChunk]sighting))
		}
		a.used++
		i = a.used
	}
	x.next = 0
	*a.at(i) = x
	return i
}

// free gives back the sighting with index i.
func (a *arena) free(i uint32) {
	a.at(i).next = a.unused
	a.unused = i
}
