package catalog

import (
	"slices"
	"strings"
	"testing"
)

func TestParseKernel(t *testing.T) {
	for _, tt := range []struct {
		release     string
		base, build []int
		vendor      string
		frozen      bool
	}{
		{"5.7", []int{5, 7}, nil, "", false},
		{"5.7.0", []int{5, 7, 0}, nil, "", false},
		{"6.6.30+", []int{6, 6, 30}, nil, "", false},
		{"6.8.0-rc1", []int{6, 8, 0}, []int{1}, "", false},
		{"4.19.112+", []int{4, 19, 112}, nil, "", false},      // COS
		{"5.10.21-flatcar", []int{5, 10, 21}, nil, "", false}, // follows stable
		{"5.15.64-talos", []int{5, 15, 64}, nil, "", false},   // follows stable
		{"5.6.13-200.fc31.x86_64", []int{5, 6, 13}, []int{200, 31, 86, 64}, "", false},
		{"5.6.13-050613-generic", []int{5, 6, 13}, nil, "ubuntu-mainline", false},
		{"5.4.41-1.el7.elrepo.x86_64", []int{5, 4, 41}, []int{1, 7}, "elrepo", false},
		{"4.14.181-142.260.amzn2.x86_64", []int{4, 14, 181}, []int{142, 260}, "amzn", false},
		{"3.10.0-957.el7.x86_64", []int{3, 10, 0}, []int{957}, "el7", true},
		{"3.10.0-1127.8.2.el7.x86_64", []int{3, 10, 0}, []int{1127, 8, 2}, "el7", true},
		{"4.18.0-147.el8", []int{4, 18, 0}, []int{147}, "el8", true},
		{"4.18.0-193.14.2.el8_2.x86_64", []int{4, 18, 0}, []int{193, 14, 2}, "el8", true},
		{"5.15.0-91-generic", []int{5, 15, 0}, []int{91}, "ubuntu", true},
		{"5.4.0-1048-azure", []int{5, 4, 0}, []int{1048}, "ubuntu-cloud", true},
		{"4.19.0-16-amd64", []int{4, 19, 0}, []int{16}, "debian", true},
		{"4.19.0-16-cloud-amd64", []int{4, 19, 0}, []int{16}, "debian", true},
		{"5.3.18-150300.59.54-default", []int{5, 3, 18}, []int{150300, 59, 54}, "suse", true},
		{"4.18.0-147.5.1.6.h686.eulerosv2r9.x86_64", []int{4, 18, 0}, []int{147, 5, 1, 6, 686}, "eulerosv2r9", true},
		{"4.19.90-vhulk2103.1.0.h584.eulerosv2r9.aarch64", []int{4, 19, 90}, []int{2103, 1, 0, 584}, "eulerosv2r9", true},
		{"3.10.0-862.14.1.5.h470.eulerosv2r7.x86_64", []int{3, 10, 0}, []int{862, 14, 1, 5, 470}, "eulerosv2r7", true},
		{"5.10.0-60.18.0.50.r865_35.hce2.x86_64", []int{5, 10, 0}, []int{60, 18, 0, 50, 865, 35}, "hce2", true},
		{"5.10.0-60.18.0.50.oe2203.x86_64", []int{5, 10, 0}, []int{60, 18, 0, 50}, "openeuler", true},
		{"4.19.91-26.al7.x86_64", []int{4, 19, 91}, []int{26}, "alinux", true},
		{"5.10.134-16.1.al8.x86_64", []int{5, 10, 134}, []int{16, 1}, "alinux", true},
		{"5.4.119-1-tlinux4-0010.3", []int{5, 4, 119}, []int{1}, "tencentos", true},
		{"5.4.119-19-0009.11", []int{5, 4, 119}, []int{19}, "tencentos", true},
		{"4.19.91-27.6.an8.x86_64", []int{4, 19, 91}, []int{27, 6}, "anolis", true},
		{"4.19.90-25.2.v2101.ky10.aarch64", []int{4, 19, 90}, []int{25, 2, 2101}, "kylin", true},
		{"5.4.17-2136.315.5.el7uek.x86_64", []int{5, 4, 17}, []int{2136, 315, 5}, "el7", true},
		{"5.15.131.1-1.cm2", []int{5, 15, 131, 1}, []int{1, 2}, "", false},
		{"6.1.61-85.141.amzn2023.x86_64", []int{6, 1, 61}, []int{85, 141}, "amzn", false},
		{"5.4.241-19.1.tl3.x86_64", []int{5, 4, 241}, []int{19, 1}, "tencentos", true},
	} {
		t.Run(tt.release, func(t *testing.T) {
			k, err := ParseKernel(tt.release)
			if err != nil {
				t.Fatal(err)
			}
			if !slices.Equal(k.Base, tt.base) || !slices.Equal(k.Build, tt.build) || k.Vendor != tt.vendor || k.Frozen != tt.frozen {
				t.Errorf("got %v %v %q frozen=%v, want %v %v %q frozen=%v", k.Base, k.Build, k.Vendor, k.Frozen, tt.base, tt.build, tt.vendor, tt.frozen)
			}
			if k.Release != tt.release {
				t.Errorf("Release = %q", k.Release)
			}
		})
	}
}

func TestParseKernelRefuses(t *testing.T) {
	for name, release := range map[string]string{
		"empty":               "",
		"one number":          "5",
		"no number in front":  "linux-5.4",
		"a v in front":        "v5.4.0",
		"a dot and no number": "5.x",
		"longer than uname":   "5.4.0-" + strings.Repeat("9", 60),
		"number beyond int":   "5.99999999999999999999.1",
		"build beyond int":    "5.4.0-99999999999999999999",
	} {
		t.Run(name, func(t *testing.T) {
			if k, err := ParseKernel(release); err == nil {
				t.Errorf("ParseKernel(%q) = %+v, want an error", release, k)
			}
		})
	}
}

func TestCompareNumbers(t *testing.T) {
	for _, tt := range []struct {
		a, b string
		want int
	}{
		{"5.7", "5.7.0", 0},
		{"5.4.9", "5.4.41", -1},
		{"5.10", "5.9", +1},
		{"4.19.123", "5.4.41", -1},
		{"6.8.0-rc1", "6.8", 0}, // by numbers alone
		{"5.15.0-91-generic", "5.15", 0},
	} {
		a, errA := ParseKernel(tt.a)
		b, errB := ParseKernel(tt.b)
		if errA != nil || errB != nil {
			t.Fatal(errA, errB)
		}
		if got := compareNumbers(a.Base, b.Base); got != tt.want {
			t.Errorf("%s against %s: %d, want %d", tt.a, tt.b, got, tt.want)
		}
		if got := compareNumbers(b.Base, a.Base); got != -tt.want {
			t.Errorf("%s against %s: %d, want %d", tt.b, tt.a, got, -tt.want)
		}
	}
}

func TestParseVersion(t *testing.T) {
	for s, want := range map[string][]int{
		"1.26":                       {1, 26, 0},
		"v1.18.2":                    {1, 18, 2},
		"1.22.9-eks-0d102a7":         {1, 22, 9},
		"v1.21.5+k3s2":               {1, 21, 5},
		"1.30.0-rc.1":                {1, 30, 0},
		"v0.15.1.11-7e95fe23-aliyun": {0, 15, 1, 11},
		"v0.15.1.4-e02c8f12-aliyun":  {0, 15, 1, 4},
		"v1.20.11-aliyun.1":          {1, 20, 11},
		"v1.19.16-r0-CCE22.5.1.B003": {1, 19, 16},
	} {
		got, err := parseVersion(s)
		if err != nil || !slices.Equal(got, want) {
			t.Errorf("parseVersion(%q) = %v, %v, want %v", s, got, err, want)
		}
	}
	for _, s := range []string{"", "latest", "1.x", "1.18.2 (nf_tables)", strings.Repeat("1.", 100) + "1"} {
		if got, err := parseVersion(s); err == nil {
			t.Errorf("parseVersion(%q) = %v, want an error", s, got)
		}
	}
}

func FuzzParseKernel(f *testing.F) {
	for _, s := range []string{"", "5", "5.7", "6.6.30+", "3.10.0-957.el7.x86_64", "4.18.0-147.5.1.6.h686.eulerosv2r9.x86_64", "5.15.0-91-generic", "5.99999999999999999999"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		k, err := ParseKernel(s)
		if err != nil {
			return
		}
		if len(k.Base) < 2 || k.Release != s {
			t.Fatalf("ParseKernel(%q) = %+v", s, k)
		}
		for _, n := range slices.Concat(k.Base, k.Build) {
			if n < 0 {
				t.Fatalf("ParseKernel(%q) has the number %d", s, n)
			}
		}
	})
}
