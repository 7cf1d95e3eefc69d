package capture

import (
	"fmt"
	"strings"
	"testing"
)

func TestFindRotated(t *testing.T) {
	tests := []struct {
		name, paths string
		want        string // NAME: FILE FILE …, one set a line
	}{
		{"nothing", "", ""},
		{"one file is no set", "x.pcap", ""},
		{"two captures", "a.pcap b.pcap", ""},
		{"numbers in front of the ending", "node1.pcap node2.pcap", ""},
		{"tcpdump -C", "x.pcap x.pcap1 x.pcap2", "x.pcap: x.pcap x.pcap1 x.pcap2"},
		{"tcpdump -C -W", "x.pcap0 x.pcap1", "x.pcap: x.pcap0 x.pcap1"},
		{"as the shell sorts them", "x.pcap0 x.pcap1 x.pcap10 x.pcap2", "x.pcap: x.pcap0 x.pcap1 x.pcap2 x.pcap10"},
		{"tcpdump -C -z gzip", "x.pcap.gz x.pcap1.gz x.pcap2", "x.pcap: x.pcap.gz x.pcap1.gz x.pcap2"},
		{"the first one is gone", "x.cap7 x.cap8", "x.cap: x.cap7 x.cap8"},
		{"dumpcap -b", "x_00001_20260101120000.pcap x_00002_20260101120500.pcap",
			"x.pcap: x_00001_20260101120000.pcap x_00002_20260101120500.pcap"},
		{"dumpcap -b nametimenum:2", "x_20260101120000_00001.pcapng x_20260101120500_00002.pcapng",
			"x.pcapng: x_20260101120000_00001.pcapng x_20260101120500_00002.pcapng"},
		{"two folders are two sets", "a/x.pcap0 b/x.pcap0 a/x.pcap1 b/x.pcap1",
			"a/x.pcap: a/x.pcap0 a/x.pcap1\nb/x.pcap: b/x.pcap0 b/x.pcap1"},
		{"a file and its compressed copy", "x.pcap x.pcap.gz x.pcap1", ""},
		{"others between", "y.pcap x.pcap x.pcap1", "x.pcap: x.pcap x.pcap1"},
		{"a number too long", "x.pcap1234567890 x.pcap1", ""},
		{"no capture by its name", "log1 log2", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			paths := strings.Fields(tt.paths)
			var got []string
			for _, s := range FindRotated(paths) {
				line := s.Name + ":"
				for _, i := range s.Files {
					line += " " + paths[i]
				}
				got = append(got, line)
			}
			if got := strings.Join(got, "\n"); got != tt.want {
				t.Errorf("got\n%s\nwant\n%s", got, tt.want)
			}
		})
	}
}

// joinHex joins captures written as hexadecimal digits; one that is "gone"
// cannot be opened.
func joinHex(t *testing.T, files ...string) *Joined {
	return Join(len(files), func(part int) (Reader, error) {
		if files[part] == "gone" {
			return nil, fmt.Errorf("open part %d: gone", part)
		}
		return Open(strings.NewReader(string(unhex(t, files[part]))), Options{})
	})
}

func TestJoin(t *testing.T) {
	const (
		frameA = "01000000 00000000 01000000 01000000 aa\n"
		frameB = "02000000 00000000 01000000 01000000 bb\n"
	)
	tests := []struct {
		name  string
		files []string
		want  string
	}{
		{"no file", nil, " 0 bytes 0 frames\n"},
		{"frames are counted through, one point", []string{pcapLE + frameA + frameB, pcapLE + frameA}, `
1 1970-01-01T00:00:01 len 1 EN10MB: aa
2 1970-01-01T00:00:02 len 1 EN10MB: bb
3 1970-01-01T00:00:01 len 1 EN10MB: aa
point 0 "" EN10MB snaplen 262144 frames 3
pcap 99 bytes 3 frames
part 0: 2 frames behind 0
part 1: 1 frames behind 2
`},
		{"another link type is another point", []string{pcapLE + frameA, pcapSLL + frameA, pcapLE + frameB}, `
1 1970-01-01T00:00:01 len 1 EN10MB: aa
2 1970-01-01T00:00:01 len 1 LINUX_SLL point 1: aa
3 1970-01-01T00:00:02 len 1 EN10MB: bb
point 0 "" EN10MB snaplen 262144 frames 2
point 1 "" LINUX_SLL snaplen 262144 frames 1
pcap 123 bytes 3 frames
part 0: 1 frames behind 0
part 1: 1 frames behind 1
part 2: 1 frames behind 2
`},
		{"a file without frames", []string{pcapLE, pcapLE + frameA}, `
1 1970-01-01T00:00:01 len 1 EN10MB: aa
point 0 "" EN10MB snaplen 262144 frames 1
pcap 65 bytes 1 frames
part 0: 0 frames behind 0
part 1: 1 frames behind 0
`},
		{"a file that is cut", []string{pcapLE + frameA + "01", pcapLE + frameB}, `
1 1970-01-01T00:00:01 len 1 EN10MB: aa
2 1970-01-01T00:00:02 len 1 EN10MB: bb
point 0 "" EN10MB snaplen 262144 frames 2
truncated 1 @2: the file ends inside a record header at offset 41: 1 of 16 bytes are there
pcap 83 bytes 2 frames
part 0: 1 frames behind 0
part 1: 1 frames behind 1
`},
		{"a file that is gone", []string{pcapLE + frameA, "gone", pcapLE + frameB}, `
1 1970-01-01T00:00:01 len 1 EN10MB: aa
2 1970-01-01T00:00:02 len 1 EN10MB: bb
point 0 "" EN10MB snaplen 262144 frames 2
file-of-set-unreadable 1 @2: open part 1: gone
pcap 82 bytes 2 frames
part 0: 1 frames behind 0
part 1: 0 frames behind 1
part 2: 1 frames behind 1
`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			j := joinHex(t, tt.files...)
			got := dumpReader(j)
			for i, p := range j.Parts() {
				got += fmt.Sprintf("part %d: %d frames behind %d\n", i, p.Frames, p.Before)
			}
			if got != strings.TrimPrefix(tt.want, "\n") {
				t.Errorf("got\n%s\nwant%s", got, tt.want)
			}
			checkInfo(t, j.Info(), j.Info().Frames)
		})
	}
}
