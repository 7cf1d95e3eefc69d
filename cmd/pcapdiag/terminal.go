package main

import (
	"os"
	"strings"

	"github.com/pcapdiag/pcapdiag/analyzer/report/table"
	"github.com/pcapdiag/pcapdiag/analyzer/text"
)

// isTerminal reports whether f is a character device. /dev/null is one as
// well, where colour does no harm.
func isTerminal(f *os.File) bool {
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}

// language returns the language of texts: --lang, or that of the messages by
// the locale: LC_ALL before LC_MESSAGES before LANG, empty ones ignored (GNU
// gettext manual, section 2.3.2).
func (a *app) language() text.Lang {
	if a.lang != "auto" {
		return text.Lang(a.lang)
	}
	for _, name := range []string{"LC_ALL", "LC_MESSAGES", "LANG"} {
		if v := a.env(name); v != "" {
			if strings.HasPrefix(v, "zh") {
				return text.Chinese
			}
			break
		}
	}
	return text.English
}

// colored reports whether to colour what goes to standard output, or to a
// file: that only with --color always. https://no-color.org
func (a *app) colored(toFile bool) bool {
	switch a.color {
	case "always":
		return true
	case "never":
		return false
	}
	return a.outTTY && !toFile && a.env("NO_COLOR") == "" && a.env("TERM") != "dumb"
}

// page returns how a table looks that goes to standard output, or to a file.
func (a *app) page(toFile bool) table.Options {
	return table.Options{Lang: a.language(), Color: a.colored(toFile)}
}
