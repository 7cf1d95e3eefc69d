package catalog

import (
	"embed"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
	"sync"
)

//go:embed issues/*.yaml
var files embed.FS

// A Catalog is the set of documented issues. Each is read from its file when
// it is first asked for: all of them take 60 ms and 25 MB of garbage, and most
// reports are about a few. A Catalog can be shared.
type Catalog struct {
	entries []entry // by ID
	aliases func() map[string]*Issue
}

// An entry is an issue that may not be read yet.
type entry struct {
	id    string
	parse func() (*Issue, error)
}

// Load returns the entries that the program was built with.
func Load() (*Catalog, error) { return load(files) }

// load returns the entries of issues/*.yaml of dir.
func load(dir fs.FS) (*Catalog, error) {
	names, err := fs.Glob(dir, "issues/*.yaml")
	if err != nil {
		return nil, fmt.Errorf("list the catalogue: %w", err)
	}
	c := &Catalog{}
	for _, name := range names {
		base := path.Base(name)
		c.entries = append(c.entries, entry{
			id: strings.TrimSuffix(base, ".yaml"),
			parse: sync.OnceValues(func() (*Issue, error) {
				data, err := fs.ReadFile(dir, name)
				if err != nil {
					return nil, fmt.Errorf("read the catalogue: %w", err)
				}
				return Parse(base, data)
			}),
		})
	}
	slices.SortFunc(c.entries, func(a, b entry) int { return strings.Compare(a.id, b.id) })
	c.aliases = sync.OnceValue(func() map[string]*Issue {
		named := map[string]*Issue{}
		for _, i := range c.Issues() {
			for _, a := range i.Aliases {
				named[a] = i
			}
		}
		return named
	})
	return c, nil
}

// issue returns the issue of e. It panics where the file breaks a rule, which
// can only be in a build whose tests were not run; what it panics with names
// the file, the line and what to do.
func (e entry) issue() *Issue {
	issue, err := e.parse()
	if err != nil {
		panic(err)
	}
	return issue
}

// Issues returns all entries by ID. They are shared: do not change them.
func (c *Catalog) Issues() []*Issue {
	issues := make([]*Issue, len(c.entries))
	for n, e := range c.entries {
		issues[n] = e.issue()
	}
	return issues
}

// IDs returns the IDs of all entries, sorted.
func (c *Catalog) IDs() []string {
	ids := make([]string, len(c.entries))
	for n, e := range c.entries {
		ids[n] = e.id
	}
	return ids
}

// Get returns the entry with the ID or alias, or nil.
func (c *Catalog) Get(name string) *Issue {
	n, found := slices.BinarySearchFunc(c.entries, name, func(e entry, id string) int { return strings.Compare(e.id, id) })
	if found {
		return c.entries[n].issue()
	}
	return c.aliases()[name]
}
