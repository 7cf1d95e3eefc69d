package main

import (
	"fmt"
	"os"

	"github.com/pcapdiag/pcapdiag/analyzer/catalog"
)

// readContext returns what the flags and the file say of the cluster; the
// flags go over the file.
func readContext(flags []string, file string) (catalog.Context, error) {
	c, err := catalog.ParseContext(flags...)
	if err != nil || file == "" {
		return c, err
	}
	data, err := os.ReadFile(file)
	if err != nil {
		return c, fmt.Errorf("reading the context: %w", err)
	}
	base, err := catalog.ParseContextFile(file, data)
	if err != nil {
		return c, err
	}
	return c.Over(base), nil
}
