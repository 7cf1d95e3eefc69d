package main

import (
	"os"
	"path/filepath"
	"testing"
)

func TestServeAccess(t *testing.T) {
	file := func(content string) string {
		path := filepath.Join(t.TempDir(), "token")
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	for _, tt := range []struct {
		name  string
		flags serveFlags
		token string
		ok    bool
	}{
		{"no port", serveFlags{listen: "127.0.0.1"}, "", false},
		{"loopback", serveFlags{listen: "127.0.0.1:0"}, "", true},
		{"every address", serveFlags{listen: ":0"}, "", false},
		{"every address on purpose", serveFlags{listen: ":0", insecure: true}, "", true},
		{"every address with a token", serveFlags{listen: ":0", tokenFile: file("0123456789abcdef\n")}, "0123456789abcdef", true},
		{"empty token", serveFlags{listen: "127.0.0.1:0", tokenFile: file("\n")}, "", false},
		{"no such token", serveFlags{listen: "127.0.0.1:0", tokenFile: "nowhere"}, "", false},
		{"certificate without key", serveFlags{listen: "127.0.0.1:0", tlsCert: "cert.pem"}, "", false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, token, err := tt.flags.access()
			if (err == nil) != tt.ok || token != tt.token {
				t.Errorf("token %q, error %v", token, err)
			}
		})
	}
}
