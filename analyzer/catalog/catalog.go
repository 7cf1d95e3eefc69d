package catalog

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
)

//go:embed issues/*.yaml
var files embed.FS

// A Catalog is the set of documented issues. It is not changed after Load, so
// that it can be shared.
type Catalog struct {
	issues []*Issue          // by ID
	byName map[string]*Issue // by ID and by alias
}

// Load reads the entries that the program was built with. An error names every
// file and line at fault; it can only come from a build whose tests were not
// run.
func Load() (*Catalog, error) { return load(files) }

// load reads issues/*.yaml of dir.
func load(dir fs.FS) (*Catalog, error) {
	names, err := fs.Glob(dir, "issues/*.yaml")
	if err != nil {
		return nil, fmt.Errorf("list the catalogue: %w", err)
	}
	c := Catalog{byName: map[string]*Issue{}}
	var errs []error
	for _, name := range names {
		data, err := fs.ReadFile(dir, name)
		if err != nil {
			errs = append(errs, fmt.Errorf("read the catalogue: %w", err))
			continue
		}
		issue, err := Parse(path.Base(name), data)
		if err != nil {
			errs = append(errs, err)
			continue
		}
		c.issues = append(c.issues, issue)
		for _, n := range append([]string{issue.ID}, issue.Aliases...) {
			if other := c.byName[n]; other != nil {
				errs = append(errs, fmt.Errorf("%s: %s is a name of %s as well; rename one", path.Base(name), n, other.ID))
			}
			c.byName[n] = issue
		}
	}
	slices.SortFunc(c.issues, func(a, b *Issue) int { return strings.Compare(a.ID, b.ID) })
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	return &c, nil
}

// Issues returns all entries by ID. They are shared: do not change them.
func (c *Catalog) Issues() []*Issue { return slices.Clone(c.issues) }

// Get returns the entry with the ID or alias, or nil.
func (c *Catalog) Get(name string) *Issue { return c.byName[name] }
