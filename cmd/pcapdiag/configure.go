package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/pcapdiag/pcapdiag/cmd/pcapdiag/internal/config"
)

// noConfig is the value of --config for no file at all.
const noConfig = "none"

// configure gives the flags that were not set their values from the
// environment, PCAPDIAG_FAIL_ON for --fail-on, else from the file. A value
// that is empty counts as not set.
func (a *app) configure(cmd *cobra.Command) error {
	path, err := a.findConfig()
	if err != nil {
		return err
	}
	a.config = &config.Config{}
	if path != "" {
		if a.config, err = config.Read(path); err != nil {
			return withHint(err, "mend it, or leave it out with --config none")
		}
	}
	fromFile := a.config.Flags()
	var failed error
	cmd.Flags().VisitAll(func(f *pflag.Flag) {
		name := "PCAPDIAG_" + strings.ToUpper(strings.ReplaceAll(f.Name, "-", "_"))
		value, source := a.env(name), name
		if value == "" {
			value, source = fromFile[f.Name], path
		}
		if f.Changed || value == "" || f.Name == "help" || f.Name == "config" || failed != nil {
			return
		}
		if err := f.Value.Set(value); err != nil {
			failed = fmt.Errorf("%s: %s is %q: %w", source, f.Name, value, err)
		}
	})
	return failed
}

// findConfig returns the path of the file to read, "" for none.
func (a *app) findConfig() (string, error) {
	path := a.configPath
	if path == "" {
		path = a.env("PCAPDIAG_CONFIG")
	}
	switch path {
	case noConfig:
		return "", nil
	case "":
	default:
		return path, nil
	}
	dir, err := os.Getwd()
	if err != nil {
		return "", err
	}
	user := a.env("XDG_CONFIG_HOME")
	if home := a.env("HOME"); user == "" && home != "" {
		user = filepath.Join(home, ".config")
	}
	return config.Find(dir, user), nil
}
