package catalog

import "github.com/pcapdiag/pcapdiag/analyzer/text"

// An Issue is one documented problem of Kubernetes networking: one YAML file
// in issues/, whose base name is the ID.
type Issue struct {
	ID         string      `yaml:"id"`        // kebab-case, never renamed
	Component  string      `yaml:"component"` // "linux", "kube-proxy", "calico", "flannel", "spiderpool", "terway", "kubernetes", "dns"
	Title      text.Text   `yaml:"title"`     // at most 70 characters in English, no full stop
	Summary    text.Text   `yaml:"summary"`   // what the user notices, two or three sentences
	Cause      text.Text   `yaml:"cause"`     // what really happens
	Wire       []Wire      `yaml:"wire"`      // what is seen, per capture point; empty iff Observable is versions-only
	Lookalikes []Lookalike `yaml:"lookalikes"`
	Affected   []Affected  `yaml:"affected"`
	Confirm    []Confirm   `yaml:"confirm"`
	Fix        []Fix       `yaml:"fix"` // least intrusive first
	References []Reference `yaml:"references"`
	Observable Observable  `yaml:"observable"`
	Seeds      []string    `yaml:"seeds"` // short names of the documents that name the issue, see docs/issues
	Notes      []text.Text `yaml:"notes"` // where the documents and the primary sources disagree, with the source
}

// Observable says what it takes to see an issue in packets.
type Observable string

// The ways to observe an issue.
const (
	OnePoint     Observable = "one-point"     // one capture at the right point decides
	TwoPoints    Observable = "two-points"    // needs the same traffic at two points
	WeakHint     Observable = "weak"          // packets fit, and fit other causes as well
	VersionsOnly Observable = "versions-only" // no trace on the wire
)

// A Wire says what is seen at one capture point.
type Wire struct {
	Point text.Text `yaml:"point"`
	Seen  text.Text `yaml:"seen"`
}

// A Lookalike is something else with the same picture, and how to tell.
type Lookalike struct {
	What text.Text `yaml:"what"`
	Tell text.Text `yaml:"tell"`
}

// A Confirm is a command that proves or excludes the issue on the cluster.
type Confirm struct {
	Command string    `yaml:"command"`
	Where   text.Text `yaml:"where"`
	Expect  text.Text `yaml:"expect"`
}

// A Fix is one way out.
type Fix struct {
	Do      text.Text `yaml:"do"`
	Command string    `yaml:"command"` // "" where it is no single command
	Cost    text.Text `yaml:"cost"`    // what it costs or risks
}

// A Reference is a source of what the entry says.
type Reference struct {
	Title string `yaml:"title"`
	URL   string `yaml:"url"`
}
