// Package nodeinfo reads what commands printed on a node and what was copied
// from /proc: the files that stand beside captures in a bundle.
//
// What a file is shows in its content; its name decides only where the content
// is a bare value, as of "uname -r" or of a file below /proc/sys. A file that is
// none of these is no error.
package nodeinfo

import (
	"bytes"
	"io"
	"strings"

	"github.com/pcapdiag/pcapdiag/analyzer/catalog"
)

// MaxFile is how much of a file is read, in bytes: the iptables rules of some
// thousand services have a few million.
const MaxFile = 32 << 20

// MaxFacts bounds the facts of one file.
const MaxFacts = 256

// A Source is a file that was read and what it tells.
type Source struct {
	Kind    string          // what it is, as the command that prints it: "uname", "sysctl -a", "/proc/net/snmp"
	Context catalog.Context // the versions that it tells, each checked as those of --context are
	Facts   []Fact          // what else it tells, in the order of the file, at most MaxFacts
	Cut     bool            // there is more than MaxFile or MaxFacts: the rest was left
}

// A Fact is a value under a name: "net.ipv4.vs.conn_reuse_mode" is "1". Names
// are those of sysctl, nstat and conntrack, and the constants below.
type Fact struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// Names of facts that have none of their own. Those with a device have it in
// front, "flannel.1 tx-checksum-ip-generic".
const (
	KubePostrouting = "KUBE-POSTROUTING"                // PostroutingOld, PostroutingFixed or PostroutingBoth
	RandomFully     = "KUBE-POSTROUTING --random-fully" // "yes" or "no"
	InsertFailed    = "conntrack insert_failed"         // since boot, all processors
	Dropped         = "conntrack drop"
	UDPChecksum     = "udpcsum"                // of a VXLAN device: "udpcsum" or "noudpcsum"
	TxChecksum      = "tx-checksum-ip-generic" // of a device: "on" or "off"
)

// The rules that masquerade the traffic of services, as kube-proxy writes them.
const (
	PostroutingOld   = "one rule by mark"        // tunnel packets inherit the mark and match as well
	PostroutingFixed = "unmarked before NAT"     // Kubernetes PR 92035
	PostroutingBoth  = "unmarked, old rule left" // after an upgrade without reboot the old rule still acts
)

// A reader reads the content of one kind of file. It returns nil where the
// content is of another kind.
type reader func(name, content string) *Source

// readers are tried in this order: those that know their content for sure
// first.
var readers = [...]reader{
	readSysFile, readUname, readOSRelease, readIPTables, readIPVS, readEthtool, readConntrack, readCounters,
	readNstat, readIPLinkJSON, readIPLink, readKubectl, readSysctl, readRelease,
}

// Read reads a file of a bundle; name is its path there. It returns nil where
// the file is of no known kind. A Source without context and facts is one that
// holds nothing of use.
func Read(name string, r io.Reader) (*Source, error) { return readAtMost(name, r, MaxFile) }

// readAtMost reads no more than so many bytes, which are more than headLen.
func readAtMost(name string, r io.Reader, most int) (*Source, error) {
	head, err := io.ReadAll(io.LimitReader(r, headLen))
	if err != nil || bytes.IndexByte(head, 0) >= 0 { // no text
		return nil, err
	}
	s := read(name, string(head))
	if s == nil || len(head) < headLen {
		return s, nil
	}
	rest, err := io.ReadAll(io.LimitReader(r, int64(most-headLen+1)))
	if err != nil {
		return nil, err
	}
	content := string(head) + string(rest)
	s = read(name, content[:min(len(content), most)])
	if s != nil && len(content) > most {
		s.Cut = true
	}
	return s, nil
}

// headLen is how much of a file tells what it is, in bytes.
const headLen = 64 << 10

// read finds the reader for a content.
func read(name, content string) *Source {
	for _, read := range readers {
		if s := read(name, content); s != nil {
			s.Cut = len(s.Facts) > MaxFacts
			s.Facts = s.Facts[:min(len(s.Facts), MaxFacts)]
			return s
		}
	}
	return nil
}

// add adds a fact.
func (s *Source) add(name, value string) {
	s.Facts = append(s.Facts, Fact{name, value})
}

// set sets a key of the context where value is one that --context-file takes.
// The form of the file has one pair a line, so that no value can hold another.
func (s *Source) set(key, value string) {
	if strings.ContainsAny(value, "\r\n") {
		return
	}
	if c, err := catalog.ParseContextFile("", []byte(key+"="+value)); err == nil {
		s.Context = s.Context.Over(c)
	}
}

// firstLine returns the first line that is not empty.
func firstLine(content string) string {
	for line := range strings.Lines(content) {
		if line = strings.TrimSpace(line); line != "" {
			return line
		}
	}
	return ""
}
