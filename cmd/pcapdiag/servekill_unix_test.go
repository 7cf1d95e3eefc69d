//go:build unix

package main

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"
)

// startServe starts a server in a process of its own, with a folder for its
// temporary files, and returns its address.
func startServe(t *testing.T, temp string, args ...string) (cmd *exec.Cmd, addr string) {
	t.Helper()
	cmd = exec.Command("pcapdiag", append([]string{"serve", "--listen", "127.0.0.1:0", "--config", "none"}, args...)...)
	cmd.Env = append(os.Environ(), "TMPDIR="+temp)
	stderr, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cmd.Process.Kill() })
	out := bufio.NewReader(stderr)
	line, err := out.ReadString('\n')
	_, addr, found := strings.Cut(strings.TrimSpace(line), "://")
	if err != nil || !found {
		t.Fatalf("the server says %q: %v", line, err)
	}
	go io.Copy(io.Discard, out) // its log
	return cmd, addr
}

// A server that is killed in the middle of an upload leaves no file of it.
func TestServeKilled(t *testing.T) {
	dir := t.TempDir()
	cmd, addr := startServe(t, dir)
	conn, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	fmt.Fprintf(conn, "POST /api/v1/analyses HTTP/1.1\r\nHost: %s\r\nContent-Length: 1000000\r\n\r\n%s", addr, strings.Repeat("x", 500_000))
	for start := time.Now(); !hasDeletedFile(t, cmd.Process.Pid, dir); time.Sleep(10 * time.Millisecond) {
		if time.Since(start) > 10*time.Second {
			t.Fatal("the upload is in no file")
		}
	}
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	cmd.Wait() // killed, as it should be
	if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
		t.Errorf("left: %v, %v", left, err)
	}
}

// hasDeletedFile reports whether a process has a file open that was in dir, and
// has no name there any more.
func hasDeletedFile(t *testing.T, pid int, dir string) bool {
	if _, err := os.Stat("/proc/self/fd"); err != nil {
		t.Skip("there is no /proc to look into: ", err)
	}
	fds, err := os.ReadDir(fmt.Sprintf("/proc/%d/fd", pid))
	if err != nil {
		t.Fatal("the server has ended: ", err)
	}
	for _, fd := range fds {
		target, _ := os.Readlink(fmt.Sprintf("/proc/%d/fd/%s", pid, fd.Name()))
		if strings.HasPrefix(target, dir) && strings.HasSuffix(target, "(deleted)") {
			return true
		}
	}
	return false
}
