// Package manifests holds the examples for Kubernetes and GitHub to what reads
// them. It is a module of its own: the types of Kubernetes are many, and the
// product needs none of them.
package manifests

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/rhysd/actionlint"
	batch "k8s.io/api/batch/v1"
	core "k8s.io/api/core/v1"
	meta "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/yaml"
	strict "sigs.k8s.io/yaml"
)

// kinds are the objects that the manifests may hold.
var kinds = map[meta.TypeMeta]func() any{
	{APIVersion: "batch/v1", Kind: "Job"}:             func() any { return new(batch.Job) },
	{APIVersion: "v1", Kind: "ConfigMap"}:             func() any { return new(core.ConfigMap) },
	{APIVersion: "v1", Kind: "PersistentVolumeClaim"}: func() any { return new(core.PersistentVolumeClaim) },
}

// TestKubernetes decodes each manifest as the API server does with strict field
// validation: no field unknown, none twice, each of its type.
func TestKubernetes(t *testing.T) {
	for _, name := range []string{"shards.yaml", "merge.yaml"} {
		t.Run(name, func(t *testing.T) {
			data, err := os.ReadFile("../kubernetes/" + name)
			if err != nil {
				t.Fatal(err)
			}
			documents, jobs := yaml.NewYAMLReader(bufio.NewReader(bytes.NewReader(data))), 0
			for {
				document, err := documents.Read()
				if errors.Is(err, io.EOF) {
					break
				}
				if err != nil {
					t.Fatal(err)
				}
				var kind meta.TypeMeta
				if err := strict.Unmarshal(document, &kind); err != nil {
					t.Fatal(err)
				}
				object, ok := kinds[kind]
				if !ok {
					t.Fatalf("%v is no kind of these manifests", kind)
				}
				into := object()
				if err := strict.UnmarshalStrict(document, into); err != nil {
					t.Error(err)
				}
				if job, ok := into.(*batch.Job); ok {
					checkJob(t, job)
					jobs++
				}
			}
			if jobs != 1 {
				t.Errorf("%d jobs, want one", jobs)
			}
		})
	}
}

// checkJob holds what the API server requires beyond types (validation of
// batch/v1 Job: restartPolicy; podFailurePolicy needs Never; an Indexed job
// needs completions).
func checkJob(t *testing.T, job *batch.Job) {
	spec := job.Spec
	if job.Name == "" || len(spec.Template.Spec.Containers) == 0 {
		t.Error("the job has no name or no container")
	}
	switch policy := spec.Template.Spec.RestartPolicy; {
	case policy != core.RestartPolicyNever && policy != core.RestartPolicyOnFailure:
		t.Errorf("restartPolicy %q, want Never or OnFailure", policy)
	case spec.PodFailurePolicy != nil && policy != core.RestartPolicyNever:
		t.Errorf("restartPolicy %q with a podFailurePolicy, want Never", policy)
	}
	if spec.CompletionMode != nil && *spec.CompletionMode == batch.IndexedCompletion && spec.Completions == nil {
		t.Error("an Indexed job needs completions")
	}
	volumes := map[string]bool{}
	for _, v := range spec.Template.Spec.Volumes {
		volumes[v.Name] = true
	}
	for _, c := range spec.Template.Spec.Containers {
		for _, m := range c.VolumeMounts {
			if !volumes[m.Name] {
				t.Errorf("container %s mounts %s, which is no volume of the pod", c.Name, m.Name)
			}
		}
	}
}

// TestAction lints a workflow that uses the action as its head says.
func TestAction(t *testing.T) {
	dir := t.TempDir()
	action, err := os.ReadFile("../ci/action.yml")
	if err != nil {
		t.Fatal(err)
	}
	const use = `on: push
permissions: {contents: read, security-events: write}
jobs:
  test:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - uses: ./.github/actions/pcapdiag
        with: {path: captures, fail-on: error, baseline: b.jsonl, version: latest}
`
	workflow := filepath.Join(dir, ".github/workflows/test.yml")
	for path, data := range map[string][]byte{
		workflow:           []byte(use),
		dir + "/.git/HEAD": nil,
		dir + "/.github/actions/pcapdiag/action.yml": action,
	} {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if found := lint(t, workflow); len(found) > 0 {
		t.Errorf("%v", found)
	}
	// The linter does read the action: an input that it does not have is found.
	if err := os.WriteFile(workflow, bytes.Replace([]byte(use), []byte("fail-on"), []byte("fail-at"), 1), 0o644); err != nil {
		t.Fatal(err)
	}
	if found := lint(t, workflow); len(found) != 1 {
		t.Errorf("an input that the action does not have: %v", found)
	}
}

// lint returns what actionlint says of a workflow.
func lint(t *testing.T, workflow string) []*actionlint.Error {
	t.Helper()
	l, err := actionlint.NewLinter(io.Discard, &actionlint.LinterOptions{})
	if err != nil {
		t.Fatal(err)
	}
	found, err := l.LintFile(workflow, nil)
	if err != nil {
		t.Fatal(err)
	}
	return found
}
