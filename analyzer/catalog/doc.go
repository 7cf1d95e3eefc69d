// Package catalog holds the documented issues of Kubernetes networking and
// decides which of them apply to given versions.
package catalog
