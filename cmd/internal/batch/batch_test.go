package batch

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

func TestFind(t *testing.T) {
	t.Chdir(t.TempDir())
	for _, f := range []string{
		"a.pcap", "b.pcap1", "c.pcapng.gz", "D.CAP", "notes.txt", ".hidden.pcap",
		"sub/e.pcap", "sub/deep/f.dmp.zst", "sub/t.tar.gz", "sub/u.ZIP", ".git/g.pcap", "[odd].pcap",
	} {
		if err := os.MkdirAll(filepath.Dir(f), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(f, nil, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Symlink("sub", "link"); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name, args string
		recursive  bool
		want       string
	}{
		{"folder", ".", false, "D.CAP [odd].pcap a.pcap b.pcap1 c.pcapng.gz"},
		{"folder and below", ".", true, "D.CAP [odd].pcap a.pcap b.pcap1 c.pcapng.gz sub/deep/f.dmp.zst sub/e.pcap sub/t.tar.gz sub/u.ZIP"},
		{"any file that is named", "notes.txt .hidden.pcap", false, ".hidden.pcap notes.txt"},
		{"each once, in order", "sub/e.pcap a.pcap ./sub/../a.pcap sub", false, "a.pcap sub/e.pcap sub/t.tar.gz sub/u.ZIP"},
		{"glob", "*.pcap", false, ".hidden.pcap [odd].pcap a.pcap"},
		{"glob of all depths", "**/*.{pcap,zst}", false, ".git/g.pcap .hidden.pcap [odd].pcap a.pcap sub/deep/f.dmp.zst sub/e.pcap"},
		{"file whose name is a pattern", "[odd].pcap", false, "[odd].pcap"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, err := Find(strings.Fields(tt.args), tt.recursive)
			if err != nil || strings.Join(got, " ") != tt.want {
				t.Errorf("got %q and %v, want %q", got, err, tt.want)
			}
		})
	}
	for _, arg := range []string{"gone.pcap", "*.gone"} {
		if got, err := Find([]string{arg}, false); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%s: %q and %v", arg, got, err)
		}
	}
}

func TestReadList(t *testing.T) {
	got, err := ReadList(strings.NewReader("a.pcap\n\n#b.pcap\r\n c.pcap"))
	if want := []string{"a.pcap", "#b.pcap", " c.pcap"}; err != nil || !slices.Equal(got, want) {
		t.Errorf("got %q and %v, want %q", got, err, want)
	}
}

func TestEach(t *testing.T) {
	got := Each([]string{"a.pcap", "r.pcap", "r.pcap1", "r.pcap10", "r.pcap2", "z.pcap"})
	if s := fmt.Sprint(got); s != "[{a.pcap [a.pcap]} {r.pcap [r.pcap r.pcap1 r.pcap2 r.pcap10]} {z.pcap [z.pcap]}]" {
		t.Errorf("got %s", s)
	}
}

func TestByFolder(t *testing.T) {
	got := ByFolder([]string{"a.pcap", "x/1.pcap", "x/2.pcap", "x/y/3.pcap"})
	if s := fmt.Sprint(got); s != "[{. [a.pcap]} {x [x/1.pcap x/2.pcap]} {x/y [x/y/3.pcap]}]" {
		t.Errorf("got %s", s)
	}
}

func TestParseShard(t *testing.T) {
	for s, want := range map[string]Shard{"": {}, "0/1": {0, 1}, "7/8": {7, 8}} {
		if got, err := ParseShard(s); err != nil || got != want {
			t.Errorf("ParseShard(%q) = %v, %v", s, got, err)
		}
	}
	for _, s := range []string{"8/8", "-1/8", "1", "/", "1/0", "a/b", "1/8/9"} {
		if got, err := ParseShard(s); err == nil {
			t.Errorf("ParseShard(%q) = %v", s, got)
		}
	}
}

// Each key is in one shard, whatever their number, and stays there: the values
// are a promise to batches that are resumed by another release.
func TestShardHas(t *testing.T) {
	for of := 1; of <= 9; of++ {
		sizes := make([]int, of)
		for i := range 900 {
			key, in := fmt.Sprintf("captures/%d.pcap", i), 0
			for index := range of {
				if (Shard{index, of}).Has(key) {
					sizes[index]++
					in++
				}
			}
			if in != 1 {
				t.Fatalf("%s is in %d of %d shards", key, in, of)
			}
		}
		if least := slices.Min(sizes); least < 900/of/2 {
			t.Errorf("%d shards have %v keys", of, sizes)
		}
	}
	if !(Shard{0, 8}).Has("captures/a.pcap") {
		t.Error("captures/a.pcap has moved to another shard")
	}
}

func jobs(keys []string) (list []Job) {
	for _, k := range keys {
		list = append(list, Job{Key: k})
	}
	return list
}

// Results come in order however long each takes, and no more work at once
// than there are workers.
func TestRun(t *testing.T) {
	var keys []string
	for i := range 200 {
		keys = append(keys, fmt.Sprint(i))
	}
	var busy, most atomic.Int32
	var got []string
	err := Run(t.Context(), jobs(keys), 4, func(_ context.Context, j Job) string {
		if n := busy.Add(1); n > most.Load() {
			most.Store(n)
		}
		defer busy.Add(-1)
		time.Sleep(time.Duration(rand.IntN(300)) * time.Microsecond)
		return j.Key + "!"
	}, func(j Job, r string) error {
		if r != j.Key+"!" {
			t.Errorf("job %s has the result %s", j.Key, r)
		}
		got = append(got, j.Key)
		return nil
	})
	if err != nil || !slices.Equal(got, keys) {
		t.Errorf("%v and %q", err, got)
	}
	if most.Load() > 4 {
		t.Errorf("%d at work", most.Load())
	}
}

func TestRunEndsEarly(t *testing.T) {
	jobs := jobs(slices.Repeat([]string{"x"}, 1000))
	stop := errors.New("stop")
	var calls atomic.Int32
	work := func(context.Context, Job) int { return int(calls.Add(1)) }
	if err := Run(t.Context(), jobs, 2, work, func(Job, int) error { return stop }); err != stop {
		t.Errorf("error %v, want that of the callback", err)
	}
	if n := calls.Load(); n > 2*ahead+2+1 {
		t.Errorf("%d jobs were done for one result", n)
	}
	ctx, cancel := context.WithCancel(t.Context())
	results := 0
	err := Run(ctx, jobs, 2, work, func(Job, int) error {
		results++
		cancel()
		return nil
	})
	if !errors.Is(err, context.Canceled) || results > 2*ahead {
		t.Errorf("%v after %d results", err, results)
	}
}
