package capture

import (
	"cmp"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// A RotatedSet is the files that one run of a capture program wrote one behind
// the other.
type RotatedSet struct {
	Name  string // what the names have in common, with its folder: "logs/x.pcap"
	Files []int  // indices into the paths, two or more, by the numbers in the names
}

// The names of rotated files, without folder and compression.
//
//	tcpdump -C 100 -w x.pcap          x.pcap x.pcap1 x.pcap2 …
//	tcpdump -C 100 -W 20 -w x.pcap    x.pcap00 x.pcap01 …
//	dumpcap -b filesize:1000 -w x.pcapng          x_00001_20260101120000.pcapng …
//	dumpcap -b nametimenum:2 -w x.pcapng          x_20260101120000_00001.pcapng …
//
// tcpdump.1, options -C and -W; dumpcap.1, option -b.
var (
	tcpdumpPart = regexp.MustCompile(`^(.+\.(?:pcap|pcapng|cap|dmp))([0-9]{0,9})$`)
	dumpcapPart = regexp.MustCompile(`^(.+)_([0-9]{5,9})_[0-9]{14}(\.[A-Za-z]+)?$`)
	timedPart   = regexp.MustCompile(`^(.+)_[0-9]{14}_([0-9]{5,9})(\.[A-Za-z]+)?$`)
)

// FindRotated returns the rotated sets among paths, told by the names alone,
// in order of their first paths. Paths that belong to none are not mentioned.
// "/" separates folders: pass paths through filepath.ToSlash.
//
// The numbers in the names say what belongs together, not in which order it
// was written: with -W tcpdump begins again at the first file.
func FindRotated(paths []string) []RotatedSet {
	var sets []RotatedSet
	byName := map[string]int{}
	number := make([]int, len(paths))
	for i, p := range paths {
		name, n, ok := rotatedName(p)
		if !ok {
			continue
		}
		number[i] = n
		at, known := byName[name]
		if !known {
			at = len(sets)
			byName[name] = at
			sets = append(sets, RotatedSet{Name: name})
		}
		sets[at].Files = append(sets[at].Files, i)
	}
	return slices.DeleteFunc(sets, func(s RotatedSet) bool {
		slices.SortStableFunc(s.Files, func(a, b int) int { return cmp.Compare(number[a], number[b]) })
		for i := 1; i < len(s.Files); i++ {
			if number[s.Files[i]] == number[s.Files[i-1]] {
				return true // x.pcap and x.pcap.gz: copies, not pieces
			}
		}
		return len(s.Files) < 2
	})
}

// rotatedName returns the name of the set that a file may belong to, and its
// number in it: 0 for one without number, which tcpdump writes first.
func rotatedName(p string) (name string, number int, ok bool) {
	dir, file := path.Split(p)
	for _, ext := range CompressionExtensions {
		file = strings.TrimSuffix(file, ext)
	}
	for _, re := range [...]*regexp.Regexp{dumpcapPart, timedPart} {
		if m := re.FindStringSubmatch(file); m != nil {
			number, _ = strconv.Atoi(m[2]) // nine digits fit
			return dir + m[1] + m[3], number, true
		}
	}
	if m := tcpdumpPart.FindStringSubmatch(file); m != nil {
		number, _ = strconv.Atoi(m[2]) // "" gives 0
		return dir + m[1], number, true
	}
	return "", 0, false
}

// CompressionExtensions are the endings that compressed captures have by
// habit. They serve to name things, never to tell a format.
var CompressionExtensions = [...]string{".gz", ".zst", ".lz4", ".xz", ".bz2"}
