package catalog

import "github.com/pcapdiag/pcapdiag/analyzer/text"

// An Affected is one row of an issue's version matrix: the issue applies where
// every condition of one row holds.
//
//	affected:
//	  - case: {en: kube-proxy masquerades the tunnel packet, zh: …}
//	    when:
//	      - {component: kubernetes, from: 1.16.10, fixed: 1.19.0, backports: [1.16.13, 1.17.9, 1.18.6]}
//	      - {component: cni, in: [flannel, canal], out: [weave]}
//	    sources: [https://github.com/kubernetes/kubernetes/pull/92035]
type Affected struct {
	Case    text.Text   `yaml:"case" json:"case"` // what happens in this row, in a few words, no full stop
	When    []Condition `yaml:"when" json:"when"`
	Depends text.Text   `yaml:"depends" json:"depends,omitzero"` // what decides besides versions; with it, the row never says more than "unknown"
	Sources []string    `yaml:"sources" json:"sources"`          // URLs that say so
}

// A Condition is about one component. Three kinds:
//
//   - component kernel: From, Fixed, Backports, Vendor, Plain
//   - component kubernetes, iptables, or a network plugin by name (calico,
//     flannel, spiderpool, terway …): From, Fixed, Backports, and Build for a plugin
//   - component proxy or cni: In, Out
type Condition struct {
	Component string        `yaml:"component" json:"component"`
	From      string        `yaml:"from" json:"from,omitempty"`           // the first version it applies to; "" means from the beginning
	Fixed     string        `yaml:"fixed" json:"fixed,omitempty"`         // the first version it no longer applies to; "" means there is none
	Backports []string      `yaml:"backports" json:"backports,omitempty"` // likewise, one for each older series (first two numbers)
	Build     string        `yaml:"build" json:"build,omitempty"`         // of a network plugin: only versions with this word in them, as "aliyun" in v0.15.1.4-e02c8f12-aliyun
	Plain     bool          `yaml:"plain" json:"plain,omitempty"`         // a program decides by the kernel's numbers, so that those of vendors count too
	Vendor    []VendorBuild `yaml:"vendor" json:"vendor,omitempty"`
	In        []string      `yaml:"in" json:"in,omitempty"`   // names that the row applies to
	Out       []string      `yaml:"out" json:"out,omitempty"` // names that it does not apply to; of any other name nothing is known
}

// A VendorBuild is what is known of the builds of one vendor's kernel. It
// speaks of releases with the same vendor tag and the same base only.
type VendorBuild struct {
	Fixed string `yaml:"fixed" json:"fixed,omitempty"` // the first build with the fix, as uname -r prints it
	Good  string `yaml:"good" json:"good,omitempty"`   // a build known to have it; nothing is known of earlier ones
	Bad   string `yaml:"bad" json:"bad,omitempty"`     // a build known to be without it; nothing is known of later ones
}
