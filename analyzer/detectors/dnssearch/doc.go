// Package dnssearch finds lookups that a resolver's search list multiplies.
//
// A name with fewer dots than ndots is tried with every suffix of the search
// list first (resolv.conf(5)). Kubernetes sets ndots:5 and three suffixes or
// more in every pod, so that www.example.com costs
// www.example.com.default.svc.cluster.local and its likes, A and AAAA each,
// before it is asked as it stands.
//
// A lookup is counted where a name gets an answer after the same client was
// told for names that begin with it that they do not exist, two different ones
// at least, within ten seconds. It is information: nothing fails, it costs
// time and makes load.
//
// What looks alike and stays silent:
//
//   - A name of a service found with the second or third suffix: the name that
//     is found is no prefix of those that were not.
//   - A name that does not exist at all: mistyped, or asked for by a blocklist.
//   - One suffix: a short search list does little harm.
package dnssearch
