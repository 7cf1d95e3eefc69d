// Package catalog holds the documented issues of Kubernetes networking and
// decides which of them apply to given versions.
//
// One YAML file in issues/ is one [Issue]; [Parse] reads it strictly. A
// [Context] is what is known of a cluster; [Issue.Match] answers whether an
// issue applies to it, in three values: "unknown" is an honest answer, given
// with what to ask for.
//
// A few entries are generic: ordinary causes, such as a closed port or a silent
// drop, that compete with the documented issues for what packets show.
//
// Where the documents an issue comes from and the primary sources (code, tags,
// commits) disagree, matching follows the primary source, and the issue's
// Notes say both.
package catalog
