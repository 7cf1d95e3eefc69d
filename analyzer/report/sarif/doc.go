// Package sarif writes reports in the Static Analysis Results Interchange
// Format, SARIF 2.1.0 (OASIS), which code scanning of GitHub, GitLab and Azure
// DevOps, and the viewers of several editors read.
//
// A finding is a result of its rule, and a diagnosis one of its issue, so that
// an alert says what to do. The location of a result is its first evidence
// frame: the capture file with the flow as logical location. The frames of a
// ladder are a code flow, step by step in time. Fingerprints stay the same when
// the same fault is captured again.
//
// Texts are English; properties carry the Chinese ones.
package sarif
