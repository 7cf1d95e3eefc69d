package main_test

import (
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/pcapdiag/pcapdiag/analyzer"
	"github.com/pcapdiag/pcapdiag/analyzer/detectors"
	"github.com/pcapdiag/pcapdiag/analyzer/finding"
	"github.com/pcapdiag/pcapdiag/analyzer/flow"
	"github.com/pcapdiag/pcapdiag/decoders"
	"github.com/pcapdiag/pcapdiag/decoders/capture"
)

// factTypes are all types of finding.Facts, which reflection cannot list.
var factTypes = []any{
	&finding.ARPConflictFacts{},
	&finding.ARPUnansweredFacts{},
	&finding.BlackoutFacts{},
	&finding.BurstFacts{},
	&finding.ChecksumFacts{},
	&finding.CollisionFacts{},
	&finding.DNSRetryFacts{},
	&finding.DNSSearchFacts{},
	&finding.DeadBackendFacts{},
	&finding.HairpinFacts{},
	&finding.InvalidRSTFacts{},
	&finding.LadderFacts{},
	&finding.LossFacts{},
	&finding.PMTUFacts{},
	&finding.PortReuseFacts{},
	&finding.RefusedFacts{},
	&finding.RejectedFacts{},
	&finding.RetransmissionFacts{},
	&finding.SYNACKFacts{},
	&finding.ServiceVIPFacts{},
	&finding.TunnelFacts{},
	&finding.UDPFacts{},
	&finding.ZeroWindowFacts{},
}

// TestReportHoldsNoViews walks the types of all that outlives a packet: none
// holds bytes of a frame, or anything that is valid until the next one only.
func TestReportHoldsNoViews(t *testing.T) {
	roots := append([]any{analyzer.Report{}, flow.Flow{}}, factTypes...)
	seen := make(map[reflect.Type]bool)
	for _, root := range roots {
		typ := reflect.TypeOf(root)
		if typ.Kind() == reflect.Pointer {
			typ = typ.Elem()
		}
		walkType(t, typ, typ.String(), seen)
	}
	for _, typ := range []reflect.Type{reflect.TypeFor[finding.Finding](), reflect.TypeFor[finding.Evidence]()} {
		if !seen[typ] {
			t.Errorf("%v was not reached from the report: the walk is broken", typ)
		}
	}
}

// views are the types that are valid until the next frame only.
var views = []reflect.Type{
	reflect.TypeFor[decoders.Packet](), reflect.TypeFor[decoders.Level](),
	reflect.TypeFor[capture.Frame](), reflect.TypeFor[analyzer.Event](),
}

// walkType complains of views in typ and in all that it is made of; path says
// how typ was reached.
func walkType(t *testing.T, typ reflect.Type, path string, seen map[reflect.Type]bool) {
	if seen[typ] {
		return
	}
	seen[typ] = true
	switch {
	case slices.Contains(views, typ), strings.Contains(typ.PkgPath(), "gopacket"):
		t.Errorf("%s is a %v, a view that the next frame overwrites: copy the values that are needed", path, typ)
		return
	case typ.Kind() == reflect.Slice && typ.Elem().Kind() == reflect.Uint8:
		t.Errorf("%s is a slice of bytes, perhaps of the reader's buffer: keep a string, a number or an array", path)
		return
	}
	switch typ.Kind() {
	case reflect.Pointer, reflect.Slice, reflect.Array:
		walkType(t, typ.Elem(), path, seen)
	case reflect.Map:
		walkType(t, typ.Key(), path, seen)
		walkType(t, typ.Elem(), path, seen)
	case reflect.Struct:
		for i := range typ.NumField() {
			walkType(t, typ.Field(i).Type, path+"."+typ.Field(i).Name, seen)
		}
	}
}

// TestFactTypesAreListed compares factTypes with the methods that make a type
// a finding.Facts.
func TestFactTypesAreListed(t *testing.T) {
	listed := make(map[string]bool)
	for _, f := range factTypes {
		listed[reflect.TypeOf(f).Elem().Name()] = true
	}
	declared := make(map[string]bool)
	paths, err := filepath.Glob("../../analyzer/finding/*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range paths {
		source, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range regexp.MustCompile(`(?m)^func \(\*(\w+)\) facts\(\)`).FindAllSubmatch(source, -1) {
			declared[string(m[1])] = true
		}
	}
	if !maps.Equal(listed, declared) {
		t.Errorf("factTypes lists %v, package finding declares %v", slices.Sorted(maps.Keys(listed)), slices.Sorted(maps.Keys(declared)))
	}
}

// TestDetectorsAreListed compares the folders below analyzer/detectors with
// detectors.All, and holds detectors to names and rules of their own.
func TestDetectorsAreListed(t *testing.T) {
	entries, err := os.ReadDir("../../analyzer/detectors")
	if err != nil {
		t.Fatal(err)
	}
	missing := make(map[string]bool)
	for _, e := range entries {
		if e.IsDir() {
			missing[e.Name()] = true
		}
	}
	rules := make(map[string]string)
	for _, d := range detectors.All {
		if !missing[d.Name] {
			t.Errorf("detectors.All lists %s, which has no folder or is listed twice", d.Name)
		}
		delete(missing, d.Name)
		for _, r := range d.Rules {
			if other, ok := rules[r.ID]; ok {
				t.Errorf("rule %s belongs to %s and to %s", r.ID, other, d.Name)
			}
			rules[r.ID] = d.Name
		}
	}
	for name := range missing {
		t.Errorf("detector %s is not in detectors.All: it would never run", name)
	}
}
