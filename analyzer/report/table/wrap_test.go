package table

import (
	"slices"
	"strings"
	"testing"

	"github.com/pcapdiag/pcapdiag/analyzer/report/escape"
)

func TestWrap(t *testing.T) {
	for _, tt := range []struct {
		name  string
		in    string
		limit int
		want  []string
	}{
		{"empty", "", 10, []string{""}},
		{"fits exactly", "ten colums", 10, []string{"ten colums"}},
		{"at a space", "ten columns of", 10, []string{"ten", "columns of"}},
		{"trailing space does not count", "ten colums ", 10, []string{"ten colums"}},
		{"word longer than the line", "a 0123456789abc d", 10, []string{"a", "0123456789", "abc d"}},
		{"Chinese", "外层校验和错误", 8, []string{"外层校验", "和错误"}},
		{"Chinese, odd limit", "外层校验和错误", 9, []string{"外层校验", "和错误"}},
		{"full stop stays with its word", "外层校验。和", 8, []string{"外层校", "验。和"}},
		{"opening bracket goes to the next line", "外层校（验）", 8, []string{"外层校", "（验）"}},
		{"Latin word between Chinese", "值为nat-on-zero时", 12, []string{"值为", "nat-on-zero", "时"}},
		{"ambiguous width counts as one", "“1–2”…", 6, []string{"“1–2”…"}},
		{"escaped before it is measured", "a\x1b[0m", 4, []string{`a\x1`, `b[0m`}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := wrap(tt.in, tt.limit); !slices.Equal(got, tt.want) {
				t.Errorf("wrap(%q, %d) = %q, want %q", tt.in, tt.limit, got, tt.want)
			}
		})
	}
}

func FuzzWrap(f *testing.F) {
	f.Add("外层 UDP 校验和（0xffff）错误。", 8)
	f.Add("a 0123456789abc d", 10)
	f.Fuzz(func(t *testing.T, s string, limit int) {
		if limit < 12 || limit > 100 {
			return
		}
		var got strings.Builder
		for _, line := range wrap(s, limit) {
			if width(line) > limit {
				t.Fatalf("wrap(%q, %d): line %q has %d columns", s, limit, line, width(line))
			}
			got.WriteString(line)
		}
		drop := func(s string) string { return strings.ReplaceAll(s, " ", "") }
		if drop(got.String()) != drop(escape.Text(s)) {
			t.Fatalf("wrap(%q, %d) lost text: %q", s, limit, got.String())
		}
	})
}

func TestWrapCommand(t *testing.T) {
	for _, tt := range []struct {
		name string
		in   string
		want []string
	}{
		{"fits", "ethtool -k eth0", []string{"ethtool -k eth0"}},
		{"continued", "ethtool -K flannel.1 tx off", []string{`ethtool -K \`, `  flannel.1 tx \`, "  off"}},
		{"no break inside single quotes", "awk '{ print $1, $2 }' x", []string{`awk \`, `  '{ print $1, $2 }' \`, "  x"}},
		{"no break inside double quotes", `echo "a \" b" c`, []string{`echo "a \" b" c`}},
		{"escaped space", `cat a\ b c`, []string{`cat a\ b c`}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := wrapCommand(tt.in, 16); !slices.Equal(got, tt.want) {
				t.Errorf("wrapCommand(%q) = %q, want %q", tt.in, got, tt.want)
			}
		})
	}
}
