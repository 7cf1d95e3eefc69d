// Package analyzer reads captures, follows their flows, runs detectors and
// diagnoses: Analyze is the only way in.
package analyzer
