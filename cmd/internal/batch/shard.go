package batch

import (
	"fmt"
	"hash/fnv"
	"path/filepath"
	"strconv"
	"strings"
)

// A Shard is one of several parts that a batch is dealt out to: Index of 0 to
// Of-1. The zero value is the whole.
type Shard struct{ Index, Of int }

// ParseShard reads "2/8". The index counts from 0, as that of an Indexed Job
// of Kubernetes does.
func ParseShard(s string) (Shard, error) {
	if s == "" {
		return Shard{}, nil
	}
	index, of, found := strings.Cut(s, "/")
	i, err := strconv.Atoi(index)
	n, err2 := strconv.Atoi(of)
	if !found || err != nil || err2 != nil || n < 1 || i < 0 || i >= n {
		return Shard{}, fmt.Errorf("--shard %q is not INDEX/COUNT with an index of 0 to COUNT-1", s)
	}
	return Shard{i, n}, nil
}

// Has reports whether the job of key belongs to s. It depends on the key
// alone, so that shards on different machines agree and a capture that is
// added later moves no other one.
func (s Shard) Has(key string) bool {
	if s.Of <= 1 {
		return true
	}
	h := fnv.New64a()
	h.Write([]byte(filepath.ToSlash(key)))
	return int(h.Sum64()%uint64(s.Of)) == s.Index
}
