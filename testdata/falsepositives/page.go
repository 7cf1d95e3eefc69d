package main

import (
	"bytes"
	"fmt"
)

// pageHead is the part of the page that no run changes.
const pageHead = "" +
	"# False positives\n\n" +
	"<!-- written by: make falsepositives CORPUS=dir PAGE=docs/false-positives.md -->\n\n" +
	"`make falsepositives CORPUS=dir` runs every detector over each capture below a folder and fails where a finding at warning or above, or a diagnosis, has no reason in `testdata/falsepositives/reasons.yaml`, where a reason there is of no report any more, and where a diagnosis is surer than low. The reasons were written after a look at the packets with tshark.\n\n" +
	"The run below is over public captures: traffic and protocol tests of public projects, damaged and hostile ones included. None is of a Kubernetes incident, so every report that is not a fault in the packets themselves would be a false one.\n\n"

// markdown returns the page of the documentation.
func (s *summary) markdown(groups []*group) []byte {
	var b bytes.Buffer
	b.WriteString(pageHead)
	total := 0
	for _, n := range s.counts {
		total += n
	}
	fmt.Fprintf(&b, "| | |\n|---|---|\n| captures | %d |\n| without any such report | %d |\n| findings and diagnoses | %d |\n| diagnoses above low confidence | %d |\n\n",
		s.captures, s.captures-len(s.reported), total, len(s.sure))
	fmt.Fprintf(&b, "The number behind a capture is that of its findings or diagnoses, where there are several.\n")
	before := ""
	for _, g := range groups {
		if len(g.found) == 0 {
			continue
		}
		if g.Report != before {
			fmt.Fprintf(&b, "\n## %s\n", g.Report)
		}
		before = g.Report
		fmt.Fprintf(&b, "\n%s\n\n", g.Reason)
		for _, c := range g.found {
			fmt.Fprintf(&b, "- `%s`", c)
			if n := s.counts[report{g.Report, c}]; n > 1 {
				fmt.Fprintf(&b, " (%d)", n)
			}
			fmt.Fprintln(&b)
		}
	}
	return b.Bytes()
}
