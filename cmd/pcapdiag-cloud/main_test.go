package main

import (
	"bytes"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"

	"github.com/johannesboyne/gofakes3"
	"github.com/johannesboyne/gofakes3/backend/s3mem"

	"github.com/pcapdiag/pcapdiag/analyzer/report/jsonreport"
)

const fixtures = "../../testdata/"

// store runs an S3 server with the fixtures in the bucket "tickets", below
// "in/", and returns the query of URLs that reach it.
func store(t *testing.T, objects map[string]string) string {
	t.Helper()
	backend := s3mem.New()
	if err := backend.CreateBucket("tickets"); err != nil {
		t.Fatal(err)
	}
	for key, file := range objects {
		data := []byte("this is no capture\n")
		if file != "" {
			var err error
			if data, err = os.ReadFile(fixtures + file); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := backend.PutObject("tickets", key, nil, bytes.NewReader(data), int64(len(data)), nil); err != nil {
			t.Fatal(err)
		}
	}
	server := httptest.NewServer(gofakes3.New(backend).Server())
	t.Cleanup(server.Close)
	t.Setenv("AWS_ACCESS_KEY_ID", "id")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "secret")
	return "?region=us-east-1&use_path_style=true&disable_https=true&endpoint=" + server.URL
}

// records runs the command and returns its lines: input and issues of each.
func records(t *testing.T, want int, args ...string) (lines []string, stderr string) {
	t.Helper()
	var out, errs bytes.Buffer
	if got := run(t.Context(), args, &out, &errs); got != want {
		t.Fatalf("%q: exit %d, want %d: %s", args, got, want, errs.String())
	}
	err := jsonreport.ReadLines(&out, func(r jsonreport.Record) error {
		line := r.Input
		for _, d := range r.Diagnoses {
			line += " " + d.Issue
		}
		lines = append(lines, line)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return lines, errs.String()
}

func TestS3(t *testing.T) {
	query := store(t, map[string]string{
		"in/fault.pcap":    "seed63/master-eth0.pcap",
		"in/deep/fine.cap": "seed63/node2-eth0.pcap",
		"in/notes.txt":     "",
		"other/bad.pcap":   "",
	})
	t.Run("prefix", func(t *testing.T) {
		got, _ := records(t, exitOK, "s3://tickets/in/"+query)
		want := "s3://tickets/in/deep/fine.cap\ns3://tickets/in/fault.pcap vxlan-double-snat-bad-csum"
		if strings.Join(got, "\n") != want {
			t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), want)
		}
	})
	t.Run("shards", func(t *testing.T) {
		var all []string
		for i := range 3 {
			got, _ := records(t, exitOK, "--shard", fmt.Sprint(i, "/3"), "s3://tickets/in/"+query)
			all = append(all, got...)
		}
		if len(all) != 2 {
			t.Errorf("three shards have %q, want each capture once", all)
		}
	})
	t.Run("unreadable", func(t *testing.T) {
		got, stderr := records(t, exitPartial, "s3://tickets/"+query)
		if len(got) != 3 || !strings.Contains(stderr, "reading s3://tickets/other/bad.pcap: ") {
			t.Errorf("%d lines, want 3; standard error %q", len(got), stderr)
		}
	})
	t.Run("gone", func(t *testing.T) {
		_, stderr := records(t, exitPartial, "s3://tickets/in/gone.pcap"+query)
		if !strings.Contains(stderr, "gone.pcap") || strings.Contains(stderr, "endpoint") {
			t.Errorf("standard error %q", stderr)
		}
	})
}

func TestHTTP(t *testing.T) {
	server := httptest.NewServer(http.FileServer(http.Dir(fixtures)))
	defer server.Close()
	got, _ := records(t, exitOK, server.URL+"/seed63/master-eth0.pcap?signature=secret")
	if want := server.URL + "/seed63/master-eth0.pcap vxlan-double-snat-bad-csum"; len(got) != 1 || got[0] != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if _, stderr := records(t, exitPartial, server.URL+"/gone.pcap"); !strings.Contains(stderr, "404") {
		t.Errorf("standard error %q does not say what the server said", stderr)
	}
}

func TestUsage(t *testing.T) {
	for name, args := range map[string][]string{
		"a path":             {"capture.pcap"},
		"an unknown scheme":  {"ftp://host/capture.pcap"},
		"no URL":             {},
		"a shard beyond all": {"--shard", "3/3", "http://localhost/x.pcap"},
		"a port beyond all":  {"--vxlan-port", "70000", "http://localhost/x.pcap"},
		"no worker":          {"-j", "0", "http://localhost/x.pcap"},
	} {
		t.Run(name, func(t *testing.T) {
			var out, errs bytes.Buffer
			if got := run(t.Context(), args, &out, &errs); got != exitUsage || errs.Len() == 0 {
				t.Errorf("exit %d, standard error %q", got, errs.String())
			}
		})
	}
}
