package catalog

import (
	"fmt"

	goversion "github.com/hashicorp/go-version"
)

// maxVersionLen bounds a version in bytes: no released one comes near it, and
// it keeps garbage out of messages.
const maxVersionLen = 128

// parseVersion returns the numbers of a version of anything but the kernel:
// "v1.18.2" is 1 18 2, "v0.15.1.11-7e95fe23-aliyun" is 0 15 1 11, "1.26" is
// 1 26 0. What follows the numbers is dropped: it orders nothing here, and
// semantic versioning would put vendor builds before the release they are
// built from.
func parseVersion(s string) ([]int, error) {
	if len(s) > maxVersionLen {
		return nil, fmt.Errorf("%d bytes are too long for a version", len(s))
	}
	v, err := goversion.NewVersion(s)
	if err != nil {
		return nil, fmt.Errorf("%q is no version; give it as 1.18.2 or v1.18.2", s)
	}
	return v.Segments(), nil
}

// compareNumbers orders two versions by their numbers; one that ends early
// counts as continued by zeros, so 5.7 equals 5.7.0.
func compareNumbers(a, b []int) int {
	for i := range max(len(a), len(b)) {
		switch x, y := at(a, i), at(b, i); {
		case x < y:
			return -1
		case x > y:
			return +1
		}
	}
	return 0
}

// sameSeries reports whether a and b share the first two numbers: 5.4.41 and
// 5.4.200, but not 5.4.41 and 5.5.1. Fixes are back-ported by series.
func sameSeries(a, b []int) bool {
	return at(a, 0) == at(b, 0) && at(a, 1) == at(b, 1)
}

func at(numbers []int, i int) int {
	if i < len(numbers) {
		return numbers[i]
	}
	return 0
}
