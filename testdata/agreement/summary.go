package main

import (
	"bytes"
	"fmt"
	"io"
	"maps"
	"slices"
)

// A summary is what all captures together show.
type summary struct {
	captures, neither, agree int
	figures                  map[string]int // captures that differ, by figure
	classes                  map[string]int // captures that differ, by class
	unexplained              []result
	results                  []result
}

func summarise(results []result) summary {
	s := summary{figures: map[string]int{}, classes: map[string]int{}, results: results}
	for _, r := range results {
		s.captures++
		switch {
		case r.neither:
			s.neither++
		case len(r.differences) == 0:
			s.agree++
		}
		classes := map[string]bool{}
		open := false
		for _, d := range r.differences {
			s.figures[d.figure]++
			classes[d.class] = true
			open = open || d.class == ""
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
	for _, k := range slices.Sorted(maps.Keys(s.classes)) {
		fmt.Fprintf(w, "%6d  %s\n", s.classes[k], k)
	}
	for _, k := range slices.Sorted(maps.Keys(s.figures)) {
		fmt.Fprintf(w, "%6d  differ in %s\n", s.figures[k], k)
	}
	for _, r := range s.results {
		for _, d := range r.differences {
			if verbose || d.class == "" {
				fmt.Fprintf(w, "%s: %s: %d, tshark %d  [%s]\n", r.path, d.figure, d.ours, d.theirs, d.class)
			}
		}
	}
}

func (s *summary) markdown() []byte {
	var b bytes.Buffer
	return b.Bytes()
}
