package main

import (
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"testing"
	"time"
)

func TestSaveMemory(t *testing.T) {
	t.Cleanup(func() { debug.SetGCPercent(100) })
	percent := func() uint64 {
		s := []metrics.Sample{{Name: "/gc/gogc:percent"}}
		metrics.Read(s)
		return s[0].Value.Uint64()
	}
	debug.SetGCPercent(100)
	saveMemory()
	for end := time.Now().Add(5 * time.Second); percent() != collectAt; time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("after a collection the next one is at %d %%, want %d", percent(), collectAt)
		}
		runtime.GC()
	}
}
