package main_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// The rules of the architecture that a machine can keep. Each failure says why
// the rule is there and what to do instead.

const module = "github.com/pcapdiag/pcapdiag"

// A goPackage is a package of this module.
type goPackage struct {
	path    string // below the module, "" for its root
	dir     string
	imports []string // of the files that are no tests; those of this module without its name, "/" in front
}

// goList returns the packages that the patterns name.
func goList(t *testing.T, args ...string) (list []goPackage) {
	t.Helper()
	const format = "{{.ImportPath}}\t{{.Dir}}\t{{join .Imports \" \"}}"
	cmd := exec.Command("go", append([]string{"list", "-f", format}, args...)...)
	cmd.Dir = "../.."
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	for line := range strings.Lines(string(out)) {
		fields := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		p := goPackage{path: strings.TrimPrefix(fields[0], module+"/"), dir: fields[1]}
		for _, i := range strings.Fields(fields[2]) {
			p.imports = append(p.imports, strings.TrimPrefix(i, module))
		}
		list = append(list, p)
	}
	return list
}

// importRules are checked in order on each direct import; a package may match
// several.
var importRules = []struct {
	name   string
	from   string // packages that the rule is for
	except string // packages among these that it is not for; "" for none
	banned string // imports, those of this module with "/" in front
	reason string
}{
	{
		name: "decoders know nothing above them", from: `^decoders(/|$)`, banned: `^/(analyzer|cmd)(/|$)`,
		reason: "imports point one way, cmd to analyzer to decoders: hand the value down as an argument",
	},
	{
		name: "analyzer does not know the command", from: `^analyzer(/|$)`, banned: `^/cmd(/|$)`,
		reason: "analyzer is a library that others embed: hand the value down in Options",
	},
	{
		name: "analyzer imports no detector and no writer", from: `^analyzer$`, banned: `^/analyzer/(detectors|report|detectortest)(/|$)`,
		reason: "detectors are handed in through Options, and the Report is handed out: the loop must not choose either",
	},
	{
		name: "what analyzer is built from does not know it", from: `^analyzer/(flow|correlate|catalog|diagnosis|finding|text|communityid)(/|$)`,
		banned: `^/analyzer(/(detectors|report|detectortest)(/.*)?)?$`,
		reason: "imports point one way: move what both need below analyzer",
	},
	{
		name: "detectors do not know each other", from: `^analyzer/detectors/`, banned: `^/analyzer/(detectors|report)(/|$)`,
		reason: "a detector is one folder that can be read alone: what two of them need belongs in analyzer/flow or analyzer",
	},
	{
		name: "writers do not know detectors", from: `^analyzer/report/`, banned: `^/analyzer/(detectors|detectortest)(/|$)`,
		reason: "a writer is a function of the Report: put what it needs into Facts",
	},
	{
		name: "test helpers stay in tests", from: `.`, except: `^analyzer/detectortest$|^analyzer/report/reporttest$|^analyzer/report/summary/summarytest$|^decoders/internal/hextest$|^cmd/pcapdiag/internal/hostiletest$`,
		banned: `^/decoders/packetscript$|^/decoders/internal/hextest$|^/analyzer/detectortest$|^/analyzer/report/reporttest$|^/analyzer/report/summary/summarytest$|^/cmd/pcapdiag/internal/hostiletest$|^testing$`,
		reason: "the product must not carry them: import them from _test.go files",
	},
	{
		name: "gopacket below decoders only", from: `.`, except: `^decoders(/|$)`, banned: `^github\.com/google/gopacket(/|$)`,
		reason: "one folder takes the blow of a change of library: decode into decoders.Packet",
	},
	{
		name: "tablewriter in the table only", from: `.`, except: `^analyzer/report/table$`, banned: `^github\.com/olekukonko/`,
		reason: "each format is one package: write to analyzer/report/table",
	},
	{
		name: "cobra and the network in the command only", from: `.`, except: `^cmd/|^decoders/packetscript$`, // gopacket's addresses are those of net
		banned: `^github\.com/spf13/|^net(/http(/.*)?)?$`,
		reason: "the library neither parses arguments nor talks to anyone",
	},
	{
		name: "the machine in the command only", from: `.`, except: `^cmd/|^docs/|test$`, banned: `^os(/.*)?$|^log(/.*)?$|^flag$`,
		reason: "files, arguments, environment and standard streams belong to cmd: take an io.Reader or an io.Writer",
	},
}

func TestImports(t *testing.T) {
	packages := goList(t, "./...")
	for _, rule := range importRules {
		from, banned := regexp.MustCompile(rule.from), regexp.MustCompile(rule.banned)
		except := regexp.MustCompile(rule.except)
		for _, p := range packages {
			if !from.MatchString(p.path) || rule.except != "" && except.MatchString(p.path) {
				continue
			}
			for _, i := range p.imports {
				if banned.MatchString(i) {
					t.Errorf("%s: %s imports %s; %s", rule.name, p.path, strings.TrimPrefix(i, "/"), rule.reason)
				}
			}
		}
	}
}

// TestOnePackageComment holds each package to one package comment: with none
// it has no introduction, with two go doc shows them run together.
func TestOnePackageComment(t *testing.T) {
	for _, p := range goList(t, "./...", "./testdata/generate") {
		var with []string
		for name, file := range parseFiles(t, p.dir) {
			if file.Doc != nil {
				with = append(with, name)
			}
		}
		if len(with) != 1 {
			t.Errorf("%s has package comments in %q, want one, in doc.go or in its main file", p.path, with)
		}
	}
}

// clockFuncs are the functions of package time that read or wait for the
// clock.
var clockFuncs = regexp.MustCompile(`^(Now|Since|Until|Sleep|After|AfterFunc|Tick|NewTimer|NewTicker)$`)

// TestNoInitAndNoClock holds the code to explicit state, and to the time of
// the packets outside the command: the same capture gives the same report.
func TestNoInitAndNoClock(t *testing.T) {
	for _, p := range goList(t, "./...", "./testdata/generate") {
		for name, file := range parseFiles(t, p.dir) {
			ast.Inspect(file, func(n ast.Node) bool {
				switch n := n.(type) {
				case *ast.FuncDecl:
					if n.Recv == nil && n.Name.Name == "init" {
						t.Errorf("%s/%s has an init function: build the value in a variable or in a constructor", p.path, name)
					}
				case *ast.SelectorExpr:
					pkg, ok := n.X.(*ast.Ident)
					if ok && pkg.Name == "time" && clockFuncs.MatchString(n.Sel.Name) && !strings.HasPrefix(p.path, "cmd/") {
						t.Errorf("%s/%s uses time.%s: time comes from the packets, the clock is for cmd", p.path, name, n.Sel.Name)
					}
				}
				return true
			})
		}
	}
}

// parseFiles returns the files of dir that are no tests, by name.
func parseFiles(t *testing.T, dir string) map[string]*ast.File {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil {
		t.Fatal(err)
	}
	files := make(map[string]*ast.File)
	for _, path := range paths {
		if strings.HasSuffix(path, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ParseComments)
		if err != nil {
			t.Fatal(err)
		}
		files[filepath.Base(path)] = file
	}
	return files
}
