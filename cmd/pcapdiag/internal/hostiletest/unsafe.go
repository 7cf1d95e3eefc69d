package hostiletest

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Unsafe returns what could fool the reader of a report in some format that
// was written without colour; nil where nothing could.
func Unsafe(format string, out []byte) error {
	if !utf8.Valid(out) {
		return errors.New("it is not UTF-8")
	}
	for _, r := range string(out) {
		if r != '\n' && !unicode.IsPrint(r) {
			return fmt.Errorf("it holds %U", r)
		}
	}
	switch format {
	case "json", "jsonl", "sarif":
		return eachJSON(out)
	case "junit":
		return eachXML(out)
	case "html":
		if live := LiveMarkup(out); len(live) > 0 {
			return fmt.Errorf("it holds %q", live)
		}
	case "markdown":
		return markdownTags(string(out))
	case "prometheus":
		return prometheusLines(string(out))
	}
	return nil
}

func eachJSON(out []byte) error {
	d := json.NewDecoder(bytes.NewReader(out))
	for {
		var v any
		if err := d.Decode(&v); err == io.EOF {
			return nil
		} else if err != nil {
			return err
		}
	}
}

func eachXML(out []byte) error {
	d := xml.NewDecoder(bytes.NewReader(out))
	for {
		if _, err := d.Token(); err == io.EOF {
			return nil
		} else if err != nil {
			return err
		}
	}
}

var (
	fence     = regexp.MustCompile("`+")
	tag       = regexp.MustCompile(`(^|[^\\])<[a-zA-Z/!]`)
	reference = regexp.MustCompile(`<https?://[^>\s]+>`)
)

// markdownTags returns an error where a tag would be taken for HTML; the
// references of the catalogue are in angle brackets.
func markdownTags(out string) error {
	if at := tag.FindString(reference.ReplaceAllString(withoutCode(out), "")); at != "" {
		return fmt.Errorf("it holds the tag %q", at)
	}
	return nil
}

// withoutCode returns Markdown without its code: what is between two runs of
// backticks of equal length (CommonMark 0.31 section 6.1).
func withoutCode(out string) string {
	var text strings.Builder
	for {
		open := fence.FindStringIndex(out)
		if open == nil {
			return text.String() + out
		}
		run := out[open[0]:open[1]]
		text.WriteString(out[:open[0]])
		out = out[open[1]:]
		for _, end := range fence.FindAllStringIndex(out, -1) {
			if out[end[0]:end[1]] == run {
				out = out[end[1]:]
				break
			}
		}
	}
}

var sample = regexp.MustCompile(`^(# (HELP|TYPE) .*|[a-z_]+(\{[a-z]+="([^"\\]|\\.)*"(,[a-z]+="([^"\\]|\\.)*")*\})? [0-9]+)$`)

func prometheusLines(out string) error {
	for line := range strings.Lines(out) {
		if !sample.MatchString(strings.TrimSuffix(line, "\n")) {
			return fmt.Errorf("%q is no sample", line)
		}
	}
	return nil
}
