package catalog

import "github.com/pcapdiag/pcapdiag/analyzer/text"

// An Issue is one documented problem of Kubernetes networking: one YAML file
// in issues/, whose base name is the ID.
type Issue struct {
	ID         string      `yaml:"id" json:"id"`                     // kebab-case, never renamed
	Aliases    []string    `yaml:"aliases" json:"aliases,omitempty"` // other names it is asked for by; Get knows them
	Generic    bool        `yaml:"generic" json:"generic,omitempty"` // an ordinary cause of networks: it competes with the documented issues, and is left out where one of them fits better
	Component  string      `yaml:"component" json:"component"`       // "linux", "kube-proxy", "calico", "flannel", "spiderpool", "terway", "kubernetes", "dns"
	Title      text.Text   `yaml:"title" json:"title"`               // at most 70 characters in English, no full stop
	Summary    text.Text   `yaml:"summary" json:"summary"`           // what the user notices, two or three sentences
	Cause      text.Text   `yaml:"cause" json:"cause"`               // what really happens
	Wire       []Wire      `yaml:"wire" json:"wire,omitempty"`       // what is seen, per capture point; empty iff Observable is versions-only
	Lookalikes []Lookalike `yaml:"lookalikes" json:"lookalikes,omitempty"`
	Affected   []Affected  `yaml:"affected" json:"affected,omitempty"`
	Confirm    []Confirm   `yaml:"confirm" json:"confirm"`
	Fix        []Fix       `yaml:"fix" json:"fix"` // least intrusive first
	References []Reference `yaml:"references" json:"references"`
	Observable Observable  `yaml:"observable" json:"observable"`
	Seeds      []string    `yaml:"seeds" json:"seeds,omitempty"` // short names of the documents that name the issue: Name of one of Seeds
	Notes      []text.Text `yaml:"notes" json:"notes,omitempty"` // where the documents and the primary sources disagree, with the source
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
	Point text.Text `yaml:"point" json:"point"`
	Seen  text.Text `yaml:"seen" json:"seen"`
}

// A Lookalike is something else with the same picture, and how to tell.
type Lookalike struct {
	What text.Text `yaml:"what" json:"what"`
	Tell text.Text `yaml:"tell" json:"tell"`
}

// A Confirm is a command that proves or excludes the issue on the cluster.
type Confirm struct {
	Command string    `yaml:"command" json:"command"`
	Where   text.Text `yaml:"where" json:"where"`
	Expect  text.Text `yaml:"expect" json:"expect"`
}

// A Fix is one way out.
type Fix struct {
	Do      text.Text `yaml:"do" json:"do"`
	Command string    `yaml:"command" json:"command,omitempty"` // "" where it is no single command
	Cost    text.Text `yaml:"cost" json:"cost"`                 // what it costs or risks
}

// A Reference is a source of what the entry says.
type Reference struct {
	Title string `yaml:"title" json:"title"`
	URL   string `yaml:"url" json:"url"`
}
