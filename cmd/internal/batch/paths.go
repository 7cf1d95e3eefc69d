package batch

import (
	"bufio"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/bmatcuk/doublestar/v4"

	"github.com/pcapdiag/pcapdiag/decoders/capture"
)

// captureName matches names that captures, and archives of them, have by habit:
// x.pcap, x.pcap12, x.pcap.gz and x.tar.gz. It chooses among the files of a
// folder only; a file that is named by the user is read whatever it is called.
var captureName = regexp.MustCompile(`(?i)\.((pcap|pcapng|cap|dmp)[0-9]*|tar)(\.(gz|zst|lz4|xz|bz2))?$|\.(tgz|zip)$`)

// IsCapture reports whether name is one that captures have by habit.
func IsCapture(name string) bool { return captureName.MatchString(name) }

// Find returns the captures that args name, each once, in the order of their
// paths: files, folders (with those below them if recursive) and globs with **
// in them. Hidden files of folders are left out, and links to folders are not
// followed. An argument that names nothing is an error.
func Find(args []string, recursive bool) ([]string, error) {
	var all []string
	for _, arg := range args {
		paths, err := find(arg, recursive)
		if err != nil {
			return nil, err
		}
		all = append(all, paths...)
	}
	slices.Sort(all)
	return slices.Compact(all), nil
}

func find(arg string, recursive bool) ([]string, error) {
	info, err := os.Stat(arg)
	switch {
	case err == nil && info.IsDir():
		return folder(arg, recursive)
	case err == nil:
		return []string{filepath.Clean(arg)}, nil
	case !strings.ContainsAny(arg, "*?[{"):
		return nil, err
	}
	paths, err := doublestar.FilepathGlob(arg, doublestar.WithFilesOnly(), doublestar.WithNoFollow(), doublestar.WithFailOnIOErrors())
	if err != nil {
		return nil, fmt.Errorf("%s: %w", arg, err)
	}
	if len(paths) == 0 {
		return nil, fmt.Errorf("%s: %w", arg, fs.ErrNotExist)
	}
	return paths, nil
}

// folder returns the captures in a folder.
func folder(root string, recursive bool) ([]string, error) {
	var paths []string
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case path == root:
			return nil
		case strings.HasPrefix(d.Name(), "."):
			if d.IsDir() {
				return fs.SkipDir
			}
			return nil
		case d.IsDir():
			if !recursive {
				return fs.SkipDir
			}
			return nil
		case IsCapture(d.Name()):
			paths = append(paths, path)
		}
		return nil
	})
	return paths, err
}

// ReadList returns the paths of a list, one a line. Empty lines are left out.
func ReadList(r io.Reader) ([]string, error) {
	var paths []string
	s := bufio.NewScanner(r)
	for s.Scan() {
		if line := strings.TrimSuffix(s.Text(), "\r"); line != "" {
			paths = append(paths, line)
		}
	}
	return paths, s.Err()
}

// A Job is what is analysed as one: a capture, or all captures of a folder.
type Job struct {
	Key   string // path of the capture or of the folder
	Paths []string
}

// Each returns a job for each capture, by its path. The files of a rotated
// capture are one job, that of the first of them.
func Each(paths []string) []Job {
	slashed := make([]string, len(paths))
	for i, p := range paths {
		slashed[i] = filepath.ToSlash(p)
	}
	first := map[int]capture.RotatedSet{}
	member := map[int]bool{}
	for _, set := range capture.FindRotated(slashed) {
		first[slices.Min(set.Files)] = set
		for _, i := range set.Files {
			member[i] = true
		}
	}
	var jobs []Job
	for i, p := range paths {
		if !member[i] {
			jobs = append(jobs, Job{Key: p, Paths: []string{p}})
			continue
		}
		if set, ok := first[i]; ok {
			job := Job{Key: p}
			for _, j := range set.Files {
				job.Paths = append(job.Paths, paths[j])
			}
			jobs = append(jobs, job)
		}
	}
	return jobs
}

// ByFolder returns a job for each folder that has captures, by folder. paths
// are sorted.
func ByFolder(paths []string) []Job {
	var jobs []Job
	at := map[string]int{}
	for _, p := range paths {
		dir := filepath.Dir(p)
		i, ok := at[dir]
		if !ok {
			i = len(jobs)
			at[dir] = i
			jobs = append(jobs, Job{Key: dir})
		}
		jobs[i].Paths = append(jobs[i].Paths, p)
	}
	slices.SortFunc(jobs, func(a, b Job) int { return strings.Compare(a.Key, b.Key) })
	return jobs
}
