package main

import (
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"testing"
	"time"
)

// TestSaveMemory holds much memory, then little: the next collection is due
// after a part of it, then after the least that may be allocated.
func TestSaveMemory(t *testing.T) {
	t.Cleanup(func() { debug.SetGCPercent(100) })
	percent := func() uint64 {
		s := []metrics.Sample{{Name: "/gc/gogc:percent"}}
		metrics.Read(s)
		return s[0].Value.Uint64()
	}
	wait := func(what string, done func(uint64) bool) {
		for end := time.Now().Add(5 * time.Second); !done(percent()); time.Sleep(time.Millisecond) {
			if time.Now().After(end) {
				t.Fatalf("%s: after a collection the next one is at %d %%", what, percent())
			}
			runtime.GC()
		}
	}
	saveMemory()
	if p := percent(); p != collectFirst {
		t.Errorf("the first one is at %d %%", p)
	}
	much := make([]byte, 16*collectRoom)
	wait("much in use", func(p uint64) bool { return p == collectAt })
	runtime.KeepAlive(much)
	wait("little in use", func(p uint64) bool { return p > collectAt })
}
