package nodeinfo

import (
	"path"
	"regexp"
	"strconv"
	"strings"

	"github.com/pcapdiag/pcapdiag/analyzer/catalog"
)

// readUname reads "uname -a" and /proc/version.
//
//	Linux node1 5.4.0-26-generic #30-Ubuntu SMP … x86_64 GNU/Linux
//	Linux version 5.4.0-26-generic (buildd@…) (gcc …) #30-Ubuntu SMP …
func readUname(_, content string) *Source {
	words := strings.Fields(firstLine(content))
	if len(words) < 4 || words[0] != "Linux" {
		return nil
	}
	if _, err := catalog.ParseKernel(words[2]); err != nil {
		return nil
	}
	s := &Source{Kind: "uname -a"}
	if words[1] == "version" {
		s.Kind = "/proc/version"
	}
	s.set("kernel", words[2])
	return s
}

// readRelease reads "uname -r", a bare value that only the name of the file
// tells: uname.txt, kernel, proc/sys/kernel/osrelease.
func readRelease(name, content string) *Source {
	file := strings.ToLower(path.Base(name))
	if !strings.Contains(file, "uname") && !strings.Contains(file, "kernel") && file != "osrelease" {
		return nil
	}
	release := strings.TrimSpace(content)
	if _, err := catalog.ParseKernel(release); err != nil || strings.ContainsAny(release, " \t\r\n") {
		return nil
	}
	s := &Source{Kind: "uname -r"}
	s.set("kernel", release)
	return s
}

// prettyName is the line of /etc/os-release for people, os-release(5).
var prettyName = regexp.MustCompile(`(?m)^PRETTY_NAME=(.+)$`)

func readOSRelease(_, content string) *Source {
	m := prettyName.FindStringSubmatch(content)
	if m == nil || !strings.Contains(content, "\nID=") && !strings.HasPrefix(content, "ID=") {
		return nil
	}
	name := strings.TrimSpace(m[1])
	if unquoted, err := strconv.Unquote(name); err == nil {
		name = unquoted
	}
	s := &Source{Kind: "/etc/os-release"}
	s.set("os", name)
	return s
}

// The version of the API server in what kubectl prints: for people since 1.28,
// and before, and as YAML or JSON. Its documents are not parsed: what comes from
// strangers is nothing for a parser that was made for configurations.
var serverVersions = [...]*regexp.Regexp{
	regexp.MustCompile(`(?m)^Server Version: (v[0-9][^\s]*)\s*$`),
	regexp.MustCompile(`(?m)^Server Version: version\.Info\{.*GitVersion:"([^"]+)"`),
	regexp.MustCompile(`(?m)^\s*"?serverVersion"?:\s*\{?\s*(?:"?[a-zA-Z]+"?:\s*[^\s{]*\s+)*?"?gitVersion"?:\s*"?(v[0-9][^"\s,}]*)`),
}

// readKubectl reads "kubectl version", as text, YAML or JSON.
func readKubectl(_, content string) *Source {
	version := ""
	for _, re := range serverVersions {
		if m := re.FindStringSubmatch(content); m != nil && version == "" {
			version = m[1]
		}
	}
	if version == "" {
		return nil
	}
	s := &Source{Kind: "kubectl version"}
	s.set("kubernetes", version)
	return s
}
