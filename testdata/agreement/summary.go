package main

import (
	"fmt"
	"io"
	"maps"
	"slices"
)

// A summary is what all captures together show.
type summary struct {
	captures, neither, agree int
	unadjusted               int            // of agree: those that no adjustment touched
	adjusted                 map[string]int // captures, by adjustment
	figures                  map[string]int // captures that differ, by figure
	classes                  map[string]int // captures that differ, by class; in several where their differences are
	unexplained              []result
	results                  []result
}

func summarise(results []result) summary {
	s := summary{figures: map[string]int{}, adjusted: map[string]int{}, classes: map[string]int{}, results: results}
	for _, r := range results {
		s.captures++
		switch {
		case r.neither:
			s.neither++
		case len(r.differences) == 0:
			s.agree++
			if len(r.adjusted) == 0 {
				s.unadjusted++
			}
		}
		for a := range r.adjusted {
			s.adjusted[a]++
		}
		classes := map[string]bool{}
		open := false
		for _, d := range r.differences {
			s.figures[d.figure]++
			for _, c := range d.classes {
				classes[c] = true
			}
			open = open || len(d.classes) == 0
		}
		for c := range classes {
			s.classes[c]++
		}
		if open {
			s.unexplained = append(s.unexplained, r)
		}
	}
	return s
}

func (s *summary) print(w io.Writer, verbose bool) {
	fmt.Fprintf(w, "%d captures: %d agree in every figure, %d cannot be read by either, %d differ (%d without a class)\n",
		s.captures, s.agree, s.neither, s.captures-s.agree-s.neither, len(s.unexplained))
	fmt.Fprintf(w, "%.1f %% agree; %d of these without any adjustment\n", s.percent(), s.unadjusted)
	for _, k := range slices.Sorted(maps.Keys(s.classes)) {
		fmt.Fprintf(w, "%6d  %s\n", s.classes[k], k)
	}
	for _, k := range slices.Sorted(maps.Keys(s.figures)) {
		fmt.Fprintf(w, "%6d  differ in %s\n", s.figures[k], k)
	}
	for _, r := range s.results {
		for _, d := range r.differences {
			if verbose || len(d.classes) == 0 {
				fmt.Fprintf(w, "%s: %s: %d, tshark %d  %q\n", r.path, d.figure, d.ours, d.theirs, d.classes)
			}
		}
	}
}

// percent returns the share of captures that agree in every figure, of those
// that at least one program reads.
func (s *summary) percent() float64 {
	return 100 * float64(s.agree) / float64(max(1, s.captures-s.neither))
}
