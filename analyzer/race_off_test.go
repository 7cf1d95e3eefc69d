//go:build !race

package analyzer_test

// slow is how many times slower than the product a test is.
const slow = 1
