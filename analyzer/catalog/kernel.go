package catalog

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// A Kernel is a parsed kernel release, as uname -r prints it.
//
//	3.10.0-957.el7.x86_64
//	│      │   └ Vendor "el7"
//	│      └ Build 957
//	└ Base 3 10 0
//
// Releases are not semantic versions: 5.15.0-91-generic is not before 5.15.0.
type Kernel struct {
	Release string
	Base    []int  // the leading dotted numbers, two or more
	Build   []int  // the numbers between Base and the vendor's tag; comparable only where Vendor and Base are equal
	Vendor  string // the vendor's tag: "el7", "ubuntu", "eulerosv2r9" …; "" for mainline, stable and what follows them
	Frozen  bool   // the vendor back-ports fixes and leaves Base as it is, so Base says nothing of a fix
}

// maxReleaseLen is the length of a kernel release in bytes: __NEW_UTS_LEN of
// include/uapi/linux/utsname.h.
const maxReleaseLen = 64

// baseNumbers are the dotted numbers that a release starts with.
var baseNumbers = regexp.MustCompile(`^[0-9]+(?:\.[0-9]+)+`)

// vendors tell whose kernel a release is, first match wins; the numbers before
// the match are the build. The vendor's tag is name, or the first group where
// name is "". Vendors that follow the stable series patch by patch (Amazon
// Linux, elrepo, and all that is not listed: Fedora, Flatcar, COS) are as good
// as mainline: their Base counts.
var vendors = [...]struct {
	name   string
	re     *regexp.Regexp
	frozen bool
}{
	{"elrepo", regexp.MustCompile(`\.elrepo\b`), false}, // before el7: 5.4.41-1.el7.elrepo.x86_64 is plain 5.4.41
	{"amzn", regexp.MustCompile(`\.amzn[0-9]+`), false},
	{"", regexp.MustCompile(`\.(eulerosv[0-9]+r[0-9]+)`), true},
	{"", regexp.MustCompile(`\.(hce[0-9]+)`), true},
	{"openeuler", regexp.MustCompile(`\.oe[0-9]+`), true},
	{"alinux", regexp.MustCompile(`\.al[0-9]+\b`), true},
	{"anolis", regexp.MustCompile(`\.an[0-9]+\b`), true},
	{"kylin", regexp.MustCompile(`\.ky[0-9]+\b`), true},
	{"tencentos", regexp.MustCompile(`[.-]tlinux|\.tl[0-9]\b|-00[0-9]{2}(?:\.[0-9]+)?$`), true}, // 5.4.119-19-0009.11 on TKE
	{"", regexp.MustCompile(`\.(el[0-9]+)`), true},
	{"ubuntu-mainline", regexp.MustCompile(`-0[0-9]{5}-generic\b`), false}, // 5.6.13-050613-generic
	{"ubuntu", regexp.MustCompile(`-(?:generic|lowlatency)\b`), true},
	{"ubuntu-cloud", regexp.MustCompile(`-(?:aws|azure|gcp|gke|gkeop|ibm|kvm|oem|oracle|raspi)\b`), true}, // counts its builds on its own
	{"debian", regexp.MustCompile(`-(?:cloud-|rt-)?(?:amd64|arm64|686)\b`), true},
	{"suse", regexp.MustCompile(`-default$`), true},
}

// ParseKernel parses a kernel release. It must start with two dotted numbers;
// what follows is free, as it is in the kernel.
func ParseKernel(release string) (Kernel, error) {
	if len(release) > maxReleaseLen {
		return Kernel{}, fmt.Errorf("%d bytes are too long for a kernel release: uname -r prints at most %d", len(release), maxReleaseLen)
	}
	base := baseNumbers.FindString(release)
	if base == "" {
		return Kernel{}, fmt.Errorf("%q is no kernel release; give it as uname -r prints it, such as 5.15.0-91-generic", release)
	}
	k := Kernel{Release: release}
	build := release[len(base):]
	for _, v := range vendors {
		m := v.re.FindStringSubmatchIndex(build)
		if m == nil {
			continue
		}
		k.Vendor, k.Frozen = v.name, v.frozen
		if k.Vendor == "" {
			k.Vendor = build[m[2]:m[3]]
		}
		build = build[:m[0]]
		break
	}
	var err error
	if k.Base, err = integers(base); err != nil {
		return Kernel{}, fmt.Errorf("kernel release %q: %w", release, err)
	}
	if k.Build, err = integers(build); err != nil {
		return Kernel{}, fmt.Errorf("kernel release %q: %w", release, err)
	}
	return k, nil
}

// integers returns every run of digits in s as a number.
func integers(s string) ([]int, error) {
	var numbers []int
	for _, run := range strings.FieldsFunc(s, func(r rune) bool { return r < '0' || r > '9' }) {
		n, err := strconv.Atoi(run)
		if err != nil {
			return nil, errors.New("a number in it is too large")
		}
		numbers = append(numbers, n)
	}
	return numbers, nil
}
