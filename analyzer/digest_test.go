package analyzer

import (
	"crypto/sha256"
	"encoding/hex"
	"math/rand/v2"
	"runtime"
	"testing"
)

// TestDigest writes files in pieces of uneven length, with and without a
// processor for the sum, and overwrites each piece as a reader would.
func TestDigest(t *testing.T) {
	for _, row := range []struct {
		name  string
		procs int
		bytes int
	}{
		{"nothing", 2, 0},
		{"shorter than worth a goroutine", 2, digestAfter},
		{"one byte longer", 2, digestAfter + 1},
		{"more than all blocks hold", 2, 3*digestAfter + 12345},
		{"one processor", 1, 3*digestAfter + 12345},
	} {
		t.Run(row.name, func(t *testing.T) {
			defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(row.procs))
			rng := rand.New(rand.NewPCG(1, 2))
			file := make([]byte, row.bytes)
			for i := range file {
				file[i] = byte(rng.Uint32())
			}
			d := newDigest()
			piece := make([]byte, 1<<20)
			for rest := file; len(rest) > 0; {
				n := copy(piece[:1+rng.IntN(len(piece))], rest)
				if _, err := d.Write(piece[:n]); err != nil {
					t.Fatal(err)
				}
				clear(piece[:n])
				rest = rest[n:]
			}
			want := sha256.Sum256(file)
			if got := d.hex(); got != hex.EncodeToString(want[:]) {
				t.Errorf("sum %s, want %x", got, want)
			}
		})
	}
}
