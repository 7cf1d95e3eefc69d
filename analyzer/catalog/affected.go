package catalog

// An Affected is one range of versions of one component.
type Affected struct{}
