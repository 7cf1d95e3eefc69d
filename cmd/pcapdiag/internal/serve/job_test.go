package serve

import (
	"bytes"
	"strings"
	"testing"
	"time"
)

// An analysis that reaches a limit as a whole, where no file of it does, says so.
func TestAnalysisLimits(t *testing.T) {
	frames := string(append(pcapHeader[:len(pcapHeader):len(pcapHeader)], zeroFrames()...))
	packed := string(pack(t, openGzip, []byte(frames)))
	for _, tt := range []struct {
		name   string
		files  []string
		change func(*Server)
		want   string // in the answer
	}{
		{"each file is small, all are large", []string{"a.gz", packed, "b.gz", packed, "c.gz", packed, "d.gz", packed},
			func(s *Server) { s.Options.MaxDecompressed = int64(len(frames)) * 5 / 2 }, errTooMuch.Error()},
		{"as large as may be", []string{"a.gz", packed, "b.gz", packed},
			func(s *Server) { s.Options.MaxDecompressed = int64(len(frames)) * 5 / 2 }, `"state":"done"`},
		{"time ends while an archive is unpacked", []string{"a.tgz", string(pack(t, openGzip, tarOf(t, "core", bytes.Repeat([]byte("core"), 16<<20>>2))))},
			func(s *Server) { s.Timeout = time.Millisecond }, errTooLong.Error()},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s, _ := newServer(t)
			tt.change(s)
			if id := ended(t, s, postFiles(t, tt.files...)).ID; !strings.Contains(get(s, "/api/v1/analyses/"+id).Body.String(), tt.want) {
				t.Errorf("the answer does not say %q: %s", tt.want, get(s, "/api/v1/analyses/"+id).Body)
			}
		})
	}
}
