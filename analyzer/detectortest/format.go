package detectortest

import (
	"fmt"
	"strings"

	"github.com/pcapdiag/pcapdiag/analyzer/finding"
)

// format writes findings as they stand below "-- want --". Evidence names its
// capture point where points, the names by index, holds several.
func format(findings []finding.Finding, points []string) string {
	var b strings.Builder
	for i := range findings {
		f := &findings[i]
		fmt.Fprintf(&b, "%s %s: %s\n", f.Rule.ID, f.Severity, f.Message.EN)
		if f.Flow.Protocol != "" {
			fmt.Fprintf(&b, "\t%s\n", formatFlow(f.Flow))
		}
		for _, e := range f.Evidence {
			at := ""
			if len(points) > 1 {
				at = "@" + points[e.Point] + " "
			}
			fmt.Fprintf(&b, "\t%d %s%s\n", e.Frame, at, e.Text)
		}
		if f.More > 0 {
			fmt.Fprintf(&b, "\t%d more\n", f.More)
		}
	}
	return b.String()
}

func formatFlow(f finding.FlowRef) string {
	s := fmt.Sprintf("%s %s > %s", f.Protocol, f.Client, f.Server)
	if f.Encap == "none" {
		return s
	}
	s += " in " + f.Encap
	if f.VNI != 0 {
		s += fmt.Sprintf(" %d", f.VNI)
	}
	if f.OuterClient != "" {
		s += fmt.Sprintf(" %s > %s", f.OuterClient, f.OuterServer)
	}
	return s
}

// diff returns the lines of want and got, those of want alone behind -, those
// of got alone behind +. It is the shortest edit; wants are short enough for
// its quadratic table.
func diff(want, got string) string {
	a, b := lines(want), lines(got)
	// common[i][j] is the length of the longest common subsequence of a[i:]
	// and b[j:].
	common := make([][]int, len(a)+1)
	for i := range common {
		common[i] = make([]int, len(b)+1)
	}
	for i := len(a) - 1; i >= 0; i-- {
		for j := len(b) - 1; j >= 0; j-- {
			common[i][j] = max(common[i+1][j], common[i][j+1])
			if a[i] == b[j] {
				common[i][j] = common[i+1][j+1] + 1
			}
		}
	}
	var out strings.Builder
	for i, j := 0, 0; i < len(a) || j < len(b); {
		switch {
		case i < len(a) && j < len(b) && a[i] == b[j]:
			out.WriteString("  " + a[i])
			i, j = i+1, j+1
		case j == len(b) || i < len(a) && common[i+1][j] >= common[i][j+1]:
			out.WriteString("- " + a[i])
			i++
		default:
			out.WriteString("+ " + b[j])
			j++
		}
	}
	return out.String()
}

// lines splits s behind its newlines and gives the last line one.
func lines(s string) []string {
	if s == "" {
		return nil
	}
	if !strings.HasSuffix(s, "\n") {
		s += "\n"
	}
	list := strings.SplitAfter(s, "\n")
	return list[:len(list)-1]
}
