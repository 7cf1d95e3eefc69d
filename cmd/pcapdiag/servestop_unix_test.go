//go:build unix

package main

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/binary"
	"encoding/json"
	"encoding/pem"
	"io"
	"math/big"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// longCapture returns a capture that takes seconds to analyse: frames without
// data.
func longCapture() io.Reader {
	header := binary.LittleEndian.AppendUint32(nil, 0xa1b2c3d4)
	header = append(header, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 4, 0, 1, 0, 0, 0)
	frames := bytes.Repeat(append([]byte{1}, make([]byte, 15)...), 8<<20>>4)
	parts := []io.Reader{bytes.NewReader(header)}
	for range 32 {
		parts = append(parts, bytes.NewReader(frames))
	}
	return io.MultiReader(parts...)
}

// On SIGTERM a server tells whoever waits that the analysis was interrupted,
// keeps that, and ends well.
func TestServeStopped(t *testing.T) {
	temp, store := t.TempDir(), t.TempDir()
	cmd, addr := startServe(t, temp, "--store", store, "--grace", "50ms")
	state := make(chan string)
	go func() {
		answer, err := http.Post("http://"+addr+"/api/v1/analyses?wait=1", "application/vnd.tcpdump.pcap", longCapture())
		if err != nil {
			state <- err.Error()
			return
		}
		defer answer.Body.Close()
		body, _ := io.ReadAll(answer.Body)
		state <- answer.Status + " " + string(body)
	}()
	waitFor(t, "the analysis runs", func() bool { return strings.Contains(fetch(t, addr, "/metrics"), "pcapdiag_serve_running 1") })
	if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if got := <-state; !strings.HasPrefix(got, "503") || !strings.Contains(got, `"state":"interrupted"`) {
		t.Errorf("who waits is told %s", got)
	}
	if err := cmd.Wait(); err != nil {
		t.Errorf("the server ends with %v", err)
	}
	if left, err := os.ReadDir(temp); err != nil || len(left) > 0 {
		t.Errorf("left: %v, %v", left, err)
	}
	kept, err := filepath.Glob(filepath.Join(store, "*"))
	if err != nil || len(kept) != 1 || filepath.Ext(kept[0]) != ".zip" {
		t.Fatalf("kept: %v, %v", kept, err)
	}
	_, addr = startServe(t, temp, "--store", store)
	id := strings.TrimSuffix(filepath.Base(kept[0]), ".zip")
	if got := fetch(t, addr, "/api/v1/analyses/"+id); !strings.Contains(got, `"state":"interrupted"`) {
		t.Errorf("after a restart: %s", got)
	}
}

// Who does not want to wait for the grace sends the signal again; of the upload
// and of the report nothing is left.
func TestServeStoppedAtOnce(t *testing.T) {
	temp, store := t.TempDir(), t.TempDir()
	cmd, addr := startServe(t, temp, "--store", store, "--grace", "1h")
	told := make(chan struct{})
	go func() {
		defer close(told)
		if answer, err := http.Post("http://"+addr+"/api/v1/analyses?wait=1", "application/vnd.tcpdump.pcap", longCapture()); err == nil {
			answer.Body.Close()
			t.Errorf("who waits is told %s", answer.Status)
		}
	}()
	waitFor(t, "the analysis runs", func() bool { return strings.Contains(fetch(t, addr, "/metrics"), "pcapdiag_serve_running 1") })
	ended := make(chan struct{})
	go func() {
		cmd.Wait() // ended by the signal, as it should be
		close(ended)
	}()
	waitFor(t, "the server ends", func() bool {
		cmd.Process.Signal(syscall.SIGTERM) // it may have ended
		select {
		case <-ended:
			return true
		default:
			return false
		}
	})
	<-told
	if state, ok := cmd.ProcessState.Sys().(syscall.WaitStatus); !ok || !state.Signaled() {
		t.Errorf("the server ends with %v", cmd.ProcessState)
	}
	for _, dir := range []string{temp, store} {
		if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
			t.Errorf("left: %v, %v", left, err)
		}
	}
}

// fetch returns the body of an answer.
func fetch(t *testing.T, addr, path string) string {
	t.Helper()
	answer, err := http.Get("http://" + addr + path)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}

// waitFor waits until a condition holds.
func waitFor(t *testing.T, what string, holds func() bool) {
	t.Helper()
	for start := time.Now(); !holds(); time.Sleep(5 * time.Millisecond) {
		if time.Since(start) > 20*time.Second {
			t.Fatal("it never comes true that " + what)
		}
	}
}

// With a certificate the server speaks HTTPS, over HTTP/2 as well, and lets in
// only who knows the token.
func TestServeTLS(t *testing.T) {
	dir := t.TempDir()
	roots := writeCertificate(t, dir)
	if err := os.WriteFile(filepath.Join(dir, "token"), []byte("0123456789abcdef"), 0o600); err != nil {
		t.Fatal(err)
	}
	_, addr := startServe(t, dir, "--tls-cert", filepath.Join(dir, "cert.pem"), "--tls-key", filepath.Join(dir, "key.pem"),
		"--auth-token-file", filepath.Join(dir, "token"))
	client := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots}, ForceAttemptHTTP2: true}}
	for token, want := range map[string]int{"0123456789abcdef": http.StatusOK, "another": http.StatusUnauthorized} {
		capture, err := os.Open("../../testdata/lab/lad63.A-eth0.pcap")
		if err != nil {
			t.Fatal(err)
		}
		r, err := http.NewRequest("POST", "https://"+addr+"/api/v1/analyses?wait=1", capture)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Authorization", "Bearer "+token)
		answer, err := client.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		defer answer.Body.Close()
		if answer.StatusCode != want || answer.ProtoMajor != 2 {
			t.Errorf("%s: %s %s", token, answer.Proto, answer.Status)
		}
		if want == http.StatusOK {
			var got struct{ Report struct{ Findings []any } }
			if err := json.NewDecoder(answer.Body).Decode(&got); err != nil || len(got.Report.Findings) == 0 {
				t.Errorf("%v: %+v", err, got)
			}
		}
	}
}

// writeCertificate writes cert.pem, of the loopback address, and key.pem, and
// returns who trusts it.
func writeCertificate(t *testing.T, dir string) *x509.CertPool {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour), IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}}
	cert, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	private, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	for name, block := range map[string]*pem.Block{"cert.pem": {Type: "CERTIFICATE", Bytes: cert}, "key.pem": {Type: "PRIVATE KEY", Bytes: private}} {
		if err := os.WriteFile(filepath.Join(dir, name), pem.EncodeToMemory(block), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: cert}))
	return roots
}
