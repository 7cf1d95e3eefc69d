package config

import (
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"
)

const full = `
fail-on: error
lang: zh
color: never
vxlan-port: [4790, 1234]
geneve-port: [6082]
max-flows: 1000
max-memory: 1GiB
workers: 4
context:
  kernel: 5.4.0
  cni: flannel@0.12.0
ignore:
  - rule: port-reuse
    reason: the load test does that
    until: 2026-12-31
    match: {client: 10.244.0.0/16, server: "10.96.0.10:53", point: node-*}
  - issue: tunnel-one-way
    reason: mirror port
`

func TestRead(t *testing.T) {
	path := filepath.Join(t.TempDir(), Name)
	if err := os.WriteFile(path, []byte(full), 0o644); err != nil {
		t.Fatal(err)
	}
	c, err := Read(path)
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{
		"fail-on": "error", "lang": "zh", "color": "never", "vxlan-port": "4790,1234", "geneve-port": "6082", "max-flows": "1000", "max-memory": "1GiB", "workers": "4",
	} {
		if got := c.Flags()[name]; got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	if x, err := c.Cluster(); err != nil || x.Kernel != "5.4.0" || x.CNI != "flannel@0.12.0" {
		t.Errorf("context %+v, %v", x, err)
	}
	if len(c.Ignore) != 2 || c.Ignore[0].Until.Day() != 31 || c.Ignore[0].Match.Server != "10.96.0.10:53" || c.Ignore[1].Issue != "tunnel-one-way" {
		t.Errorf("ignore %+v", c.Ignore)
	}
}

func TestReadRefuses(t *testing.T) {
	for _, tt := range []struct{ name, in, want string }{
		{"misspelled key", "fail_on: error", `unknown field "fail_on"`},
		{"misspelled key of an entry", "ignore: [{rule: x, because: y}]", `unknown field "because"`},
		{"no reason", "ignore: [{rule: x}]", "ignore entry 1: it has no reason"},
		{"blank reason", "ignore: [{rule: x, reason: ' '}]", "it has no reason"},
		{"neither rule nor issue", "ignore: [{reason: y}]", "neither a rule nor an issue"},
		{"both", "ignore: [{rule: x, issue: z, reason: y}]", "make two entries"},
		{"no day", "ignore: [{rule: x, reason: y, until: tomorrow}]", `until "tomorrow" is no day`},
		{"no address", "ignore: [{rule: x, reason: y, match: {client: localhost}}]", `"localhost" is neither an address`},
		{"broken pattern", "ignore: [{rule: x, reason: y, match: {point: '['}}]", "syntax error in pattern"},
		{"unknown key of the context", "context: {kernal: 5}", "unknown key"},
		{"no YAML", "a: [", "reading "},
	} {
		t.Run(tt.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), Name)
			if err := os.WriteFile(path, []byte(tt.in), 0o644); err != nil {
				t.Fatal(err)
			}
			if _, err := Read(path); err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("error %v, want %q in it", err, tt.want)
			}
		})
	}
	if _, err := Read("gone.yaml"); err == nil || err.Error() != "reading gone.yaml: no such file or directory" {
		t.Errorf("error %v", err)
	}
}

func TestFind(t *testing.T) {
	root := t.TempDir()
	deep := filepath.Join(root, "a", "b")
	user := filepath.Join(root, "user")
	for _, dir := range []string{deep, filepath.Join(user, "pcapdiag")} {
		if err := os.MkdirAll(dir, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	steps := []struct{ write, want string }{
		{"", ""},
		{filepath.Join(user, "pcapdiag", "config.yaml"), filepath.Join(user, "pcapdiag", "config.yaml")},
		{filepath.Join(root, Name), filepath.Join(root, Name)},
		{filepath.Join(deep, Name), filepath.Join(deep, Name)},
	}
	for _, s := range steps {
		if s.write != "" {
			if err := os.WriteFile(s.write, nil, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		if got := Find(deep, user); got != s.want {
			t.Errorf("with %q: %q, want %q", s.write, got, s.want)
		}
	}
}

func TestDateOver(t *testing.T) {
	var d Date
	if err := d.UnmarshalText([]byte("2026-12-31")); err != nil {
		t.Fatal(err)
	}
	for at, want := range map[string]bool{"2026-12-31T23:59:59Z": false, "2027-01-01T00:00:01Z": true, "2027-01-01T01:00:00+02:00": false} {
		now, err := time.Parse(time.RFC3339, at)
		if err != nil {
			t.Fatal(err)
		}
		if d.Over(now) != want {
			t.Errorf("over at %s: %t", at, !want)
		}
	}
	if (Date{}).Over(time.Now()) {
		t.Error("no day is over")
	}
}

func TestMatchFlow(t *testing.T) {
	for _, tt := range []struct {
		name                  string
		m                     Match
		client, server, point string
		want                  bool
	}{
		{"nothing given", Match{}, "10.0.0.1:1", "10.0.0.2:2", "x", true},
		{"address, any port", Match{Client: "10.0.0.1"}, "10.0.0.1:4000", "10.0.0.2:2", "", true},
		{"prefix", Match{Client: "10.244.0.0/16"}, "10.244.7.9:4000", "", "", true},
		{"outside of it", Match{Client: "10.244.0.0/16"}, "10.245.7.9:4000", "", "", false},
		{"host bits are no fault", Match{Client: "10.244.3.4/16"}, "10.244.7.9:4000", "", "", true},
		{"port", Match{Server: "10.96.0.10:53"}, "", "10.96.0.10:53", "", true},
		{"other port", Match{Server: "10.96.0.10:53"}, "", "10.96.0.10:80", "", false},
		{"prefix and port", Match{Server: "10.96.0.0/12:53"}, "", "10.100.0.10:53", "", true},
		{"IPv6", Match{Server: "fd00::/8"}, "", "[fd00::1]:53", "", true},
		{"IPv6 and port", Match{Server: "[fd00::/8]:53"}, "", "[fd00::1]:54", "", false},
		{"no ports in the flow", Match{Client: "10.0.0.1"}, "10.0.0.1", "", "", true},
		{"port, none in the flow", Match{Client: "10.0.0.1:53"}, "10.0.0.1", "", "", false},
		{"no flow", Match{Client: "10.0.0.1"}, "", "", "", false},
		{"point", Match{Point: "node-*"}, "", "", "node-7", true},
		{"interface of another", Match{Point: "node-*"}, "", "", "gw/eth0", false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := tt.m.Flow(tt.client, tt.server, tt.point); got != tt.want {
				t.Errorf("got %t", got)
			}
		})
	}
}

// FuzzParse reads any text at all: the same twice, and what is taken can be
// used.
func FuzzParse(f *testing.F) {
	f.Add([]byte(full))
	f.Add([]byte("context: {kernel: 5.4.0, pod-cidr: 10.244.0.0/16}\n"))
	f.Add([]byte("a: &a [1]\nb: [*a, *a]\n"))
	f.Add([]byte("ignore:\n !- ")) // go-yaml v1.19.2 panics
	f.Add([]byte("ignore:\n- {rule: x, reason: y, match: {client: \"[::1]:80\", point: \"[\"}}\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		c, err := parse(data)
		again, errAgain := parse(data)
		if (err == nil) != (errAgain == nil) || !reflect.DeepEqual(c, again) {
			t.Fatalf("parsed twice: %+v, %v and %+v, %v", c, err, again, errAgain)
		}
		if err != nil {
			return
		}
		c.Flags()
		for _, e := range c.Ignore {
			if e.Reason == "" || (e.Rule == "") == (e.Issue == "") {
				t.Fatalf("entry %+v", e)
			}
			e.Match.Flow("10.244.0.1:80", "[fd00::1]:80", "node-a/eth0")
		}
	})
}
