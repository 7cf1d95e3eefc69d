// Package checksum sums Internet checksums (RFC 1071) and names what a
// checksum field can tell.
package checksum
