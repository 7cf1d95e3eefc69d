package main

import (
	"io"
	"os"
	"sync/atomic"

	"github.com/pcapdiag/pcapdiag/analyzer"
)

// A meter says how much of a file was read, in bytes as stored. It is asked while
// another goroutine reads the file.
type meter struct {
	size int64 // not 0
	read atomic.Int64
}

// percent returns that in percent. A file that grew has no more than 100.
func (m *meter) percent() int64 { return min(100*m.read.Load()/m.size, 100) }

// count makes those of inputs count what is read of them whose size is known
// before, and returns their meters by path. A pipe and a device have none; nor
// has an archive's member, nor a rotated set as a whole, which go by other paths.
func count(inputs []analyzer.Input) map[string]*meter {
	meters := map[string]*meter{}
	for i, in := range inputs {
		info, err := os.Stat(in.Path)
		if err != nil || !info.Mode().IsRegular() || info.Size() == 0 || in.Path == stdinPath {
			continue
		}
		m := &meter{size: info.Size()}
		meters[in.Path] = m
		inputs[i].Open = func() (io.ReadCloser, error) {
			file, err := in.Open()
			if err != nil {
				return nil, err
			}
			m.read.Store(0)
			return metered{file, m}, nil
		}
	}
	return meters
}

// A metered file tells its meter what is read of it.
type metered struct {
	io.ReadCloser
	meter *meter
}

func (f metered) Read(p []byte) (int, error) {
	n, err := f.ReadCloser.Read(p)
	f.meter.read.Add(int64(n))
	return n, err
}
