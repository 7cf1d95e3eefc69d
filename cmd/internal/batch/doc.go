// Package batch finds the captures of a batch, deals them out to shards, and
// works on them with several workers so that the results come in order.
package batch
