// Package config reads .pcapdiag.yaml: what a team has agreed upon for its
// captures, beside the flags and the environment, which both go before it.
package config

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/goccy/go-yaml"

	"github.com/pcapdiag/pcapdiag/analyzer/catalog"
)

// Name is the file looked for.
const Name = ".pcapdiag.yaml"

// A Config is one file.
type Config struct {
	Path string `yaml:"-"` // where it was read from; "" for none

	// Flags of the same names.
	FailOn      string   `yaml:"fail-on"`
	Lang        string   `yaml:"lang"`
	Color       string   `yaml:"color"`
	VXLANPorts  []string `yaml:"vxlan-port"`
	GenevePorts []string `yaml:"geneve-port"`
	MaxFlows    string   `yaml:"max-flows"`
	MaxMemory   string   `yaml:"max-memory"`
	Workers     string   `yaml:"workers"`

	// Context is what is known of the cluster, by the keys of --context.
	Context map[string]string `yaml:"context"`

	Ignore []Ignore `yaml:"ignore"`
}

// An Ignore says which findings are known and accepted: those of a rule, or
// what a documented issue explains.
type Ignore struct {
	Rule   string `yaml:"rule"`
	Issue  string `yaml:"issue"`
	Reason string `yaml:"reason"` // required
	Until  Date   `yaml:"until"`  // the last day; the zero value means for ever
	Match  Match  `yaml:"match"`
}

// A Match narrows an Ignore to some flows; what is given must hold.
type Match struct {
	Client string `yaml:"client"` // address, prefix, or either with a port: "10.244.0.0/16", "10.96.0.10:53"
	Server string `yaml:"server"`
	Point  string `yaml:"point"` // name of the capture point, * stands for anything but /
}

// A Date is a day, "2026-12-31", in UTC.
type Date struct{ time.Time }

// UnmarshalText reads a day.
func (d *Date) UnmarshalText(b []byte) (err error) {
	d.Time, err = time.Parse(time.DateOnly, string(b))
	if err != nil {
		return fmt.Errorf("until %q is no day like 2026-12-31", b)
	}
	return nil
}

// Over reports whether the day has passed at now; never for the zero value.
func (d Date) Over(now time.Time) bool {
	return !d.IsZero() && now.UTC().After(d.AddDate(0, 0, 1))
}

// Find returns the file to read: Name in dir or in the nearest folder above
// it, else that of the user in their folder of configuration; "" for none.
func Find(dir, userDir string) string {
	for {
		if path := filepath.Join(dir, Name); isFile(path) {
			return path
		}
		above := filepath.Dir(dir)
		if above == dir {
			break
		}
		dir = above
	}
	if path := filepath.Join(userDir, "pcapdiag", "config.yaml"); userDir != "" && isFile(path) {
		return path
	}
	return ""
}

func isFile(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode().IsRegular()
}

// Read reads path.
func Read(path string) (*Config, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		var pathErr *fs.PathError
		if errors.As(err, &pathErr) {
			err = pathErr.Err
		}
		return nil, fmt.Errorf("reading %s: %w", path, err)
	}
	c, err := parse(data)
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", path, err)
	}
	c.Path = path
	return c, nil
}

// parse reads the text of a file. Keys that are not known are errors: one that
// is misspelled would otherwise be without effect and without a word.
func parse(data []byte) (c *Config, err error) {
	defer func() {
		if v := recover(); v != nil { // go-yaml v1.19.2 fails so on some files that are no YAML
			c, err = nil, errors.New("this is no YAML")
		}
	}()
	c = &Config{}
	if err := yaml.UnmarshalWithOptions(data, c, yaml.Strict()); err != nil {
		return nil, errors.New(yaml.FormatError(err, false, false))
	}
	for i := range c.Ignore {
		if err := c.Ignore[i].check(); err != nil {
			return nil, fmt.Errorf("ignore entry %d: %w", i+1, err)
		}
	}
	if _, err := c.Cluster(); err != nil {
		return nil, err
	}
	return c, nil
}

// check refuses an entry that would hide more than somebody has thought of.
func (i *Ignore) check() error {
	switch {
	case i.Rule == "" && i.Issue == "":
		return errors.New("it names neither a rule nor an issue")
	case i.Rule != "" && i.Issue != "":
		return errors.New("it names a rule and an issue: make two entries of it")
	case strings.TrimSpace(i.Reason) == "":
		return errors.New("it has no reason")
	}
	return i.Match.check()
}

// Cluster returns what the file says of the cluster.
func (c *Config) Cluster() (catalog.Context, error) {
	var given []string
	for key, value := range c.Context {
		given = append(given, key+"="+value)
	}
	return catalog.ParseContext(given...)
}

// Flags returns the values of flags that the file sets, by name.
func (c *Config) Flags() map[string]string {
	values := map[string]string{
		"fail-on": c.FailOn, "lang": c.Lang, "color": c.Color, "max-flows": c.MaxFlows, "max-memory": c.MaxMemory, "workers": c.Workers,
		"vxlan-port": strings.Join(c.VXLANPorts, ","), "geneve-port": strings.Join(c.GenevePorts, ","),
	}
	for name, v := range values {
		if v == "" {
			delete(values, name)
		}
	}
	return values
}
