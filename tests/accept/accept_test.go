package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const pod = "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec:\n" +
	"  containers:\n  - name: c\n    image: i\n    command: [a]\n"
const fixed = pod + "    securityContext:\n      capabilities:\n        drop:\n        - ALL\n"
const deployment1 = "{apiVersion: %s, kind: %s, metadata: {name: d}, spec: {template: {spec: {containers: [%s]}}}}\n"
const bad = "{name: c, image: i}"
const good = "{name: c, image: i, securityContext: {capabilities: {drop: [ALL]}}}"

// judged runs two texts through the program: its violations, and what it printed.
func judged(t *testing.T, before, after string) (totals, string) {
	t.Helper()
	return judgedAs(t, "m.yaml", before, after)
}

func judgedAs(t *testing.T, name, before, after string) (totals, string) {
	t.Helper()
	roots := []string{t.TempDir(), t.TempDir()}
	for i, text := range []string{before, after} {
		path := filepath.Join(roots[i], name)
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	var out strings.Builder
	sum, err := run(roots[0], roots[1], &out)
	if err != nil {
		t.Fatal(err)
	}
	return sum, out.String()
}

func TestAccepted(t *testing.T) {
	other := fmt.Sprintf(deployment1, "x.io/v1", "Deployment", bad)
	for name, texts := range map[string][2]string{
		"fixed":            {pod, fixed},
		"other group":      {other, other},
		"no apiVersion":    {strings.Replace(pod, "apiV", "v", 1), strings.Replace(pod, "apiV", "v", 1)},
		"overlay":          {strings.Replace(pod, "image", "#", 1), strings.Replace(pod, "image", "#", 1)},
		"windows":          {pod + "  os: {name: windows}\n", pod + "  os: {name: windows}\n"},
		"template":         {pod + "  x: {{ .y }}\n", pod + "  x: {{ .y }}\n"},
		"never decoded":    {pod + "---\na: [\n", fixed + "---\na: [\n"},
		"unknown field":    {strings.Replace(pod, "command", "comand", 1), strings.Replace(fixed, "command", "comand", 1)},
		"wrong type":       {pod + "    securityContext: []\n", pod + "    securityContext: []\n"},
		"port 80":          {fixed, fixed + "        add: [NET_BIND_SERVICE]\n"},
		"block with {{":    {pod + "  x: |\n    {{ .y }}\n", fixed + "  x: |\n    {{ .y }}\n"},
		"empty and made":   {pod + "    securityContext: {}\n", fixed},
		"json stream":      {`{"kind": "A"}{"kind": "B"}`, `{"kind": "A"}{"kind": "B"}`},
		"document of List": {"{apiVersion: v1, kind: List, items: []}\n", "{apiVersion: v1, kind: List, items: []}\n"},
	} {
		if sum, out := judged(t, texts[0], texts[1]); sum.violations != 0 {
			t.Errorf("%s: %s", name, out)
		}
	}
}

func TestRefused(t *testing.T) {
	initial := strings.Replace(pod, "containers", "initContainers", 1)
	ephemeral := strings.Replace(pod, "containers", "ephemeralContainers", 1)
	list := "{apiVersion: v1, kind: List, items: [{apiVersion: v1, kind: Pod, spec: {containers: [" + bad + "]}}]}"
	typedList := "{apiVersion: v1, kind: PodList, items: [{spec: {containers: [" + bad + "]}}]}"
	hidden := "x: &x {securityContext: {}}\n" + fixed + "    <<: *x\n"
	for name, c := range map[string]struct{ before, after, want string }{
		"not fixed":       {pod, pod, `Pod/p: unrestricted capabilities: container "c" must set securityContext.cap`},
		"wrong case":      {pod, strings.Replace(fixed, "ALL", "all", 1), "must set"},
		"wrong field":     {pod, strings.Replace(fixed, "securityContext", "securitycontext", 1), "must set"},
		"adds":            {pod, fixed + "        add: [SYS_TIME]\n", `must not include "SYS_TIME"`},
		"quoted {{":       {pod + "  x: '{{ .y }}'\n", pod + "  x: '{{ .y }}'\n", "must set"},
		"commented {{":    {pod + "# {{ .y }}\n", pod + "# {{ .y }}\n", "must set"},
		"block {{":        {pod + "  x: |\n    {{ .y }}\n", pod + "  x: |\n    {{ .y }}\n", "must set"},
		"init":            {initial, initial, "must set"},
		"ephemeral":       {ephemeral, ephemeral, "must set"},
		"second document": {pod + "---\n" + pod, fixed + "---\n" + pod, "document 2: Pod/p"},
		"list":            {list, list, "document 1, item 1: Pod"},
		"typed list":      {typedList, typedList, "must set"},
		"image":           {pod, strings.Replace(fixed, "image: i", "image: j", 1), "differs in more"},
		"another field":   {pod, fixed + "      runAsUser: 1\n", "differs in more"},
		"lost document":   {pod + "---\n" + pod, fixed, "2 documents became 1"},
		"lost object":     {pod, "a: 1\n", "1 objects became 0"},
		"broken":          {pod, fixed + "[", "decoded before"},
		"broken type":     {pod, strings.Replace(fixed, "\n        - ALL", " ALL", 1), "decoded before"},
		"not strict":      {pod, fixed + "      capabilitys: {}\n", `strict decoding: unknown field "spec.containers[0]`},
		"twice":           {pod, fixed + "    image: i\n", `strict decoding:   key "image" already set`},
		"template":        {pod + "  x: {{ .y }}\n", fixed + "  x: {{ .y }}\n", "is a template"},
		"hidden by merge": {hidden, hidden, "must set"},
	} {
		sum, out := judged(t, c.before, c.after)
		if sum.violations == 0 || !strings.Contains(out, c.want) {
			t.Errorf("%s: want %q, got:\n%s", name, c.want, out)
		}
	}
}

// Every core kind in every group must be put to the check: with a container that breaks the rule, and one that doesn't.
func TestKinds(t *testing.T) {
	text := func(k kind, container string) string {
		version := strings.TrimPrefix(k.group+"/v1", "/")
		switch k.kind {
		case "Pod":
			return fmt.Sprintf("{apiVersion: v1, kind: Pod, spec: {containers: [%s]}}", container)
		case "PodTemplate":
			return fmt.Sprintf("{apiVersion: v1, kind: PodTemplate, template: {spec: {containers: [%s]}}}", container)
		case "CronJob":
			return "{apiVersion: batch/v1beta1, kind: CronJob, spec: {jobTemplate: {spec: " +
				fmt.Sprintf("{template: {spec: {containers: [%s]}}}}}}", container)
		}
		return fmt.Sprintf(deployment1, version, k.kind, container)
	}
	for k := range makers {
		if sum, out := judged(t, text(k, bad), text(k, bad)); sum.violations != 1 {
			t.Errorf("%v, bad: %s", k, out)
		}
		if sum, out := judged(t, text(k, bad), text(k, good)); sum.violations != 0 || sum.containers != 1 {
			t.Errorf("%v, good: %s", k, out)
		}
	}
}

func TestTotals(t *testing.T) {
	windows := pod + "  os: {name: windows}\n"
	overlay := fixed + "  - name: o\n"
	text := strings.Join([]string{windows, overlay, "kind: X\n", "a: [\n"}, "---\n")
	sum, out := judged(t, text, text)
	want := totals{files: 1, documents: 4, undecoded: 1, objects: 2, other: 1, windows: 1, containers: 2, overlays: 1}
	if sum != want {
		t.Errorf("got %+v, want %+v\n%s", sum, want, out)
	}
}

func TestChart(t *testing.T) {
	sum, out := judgedAs(t, "templates/m.yaml", pod, pod)
	if sum.violations != 1 || sum.templates != 0 {
		t.Errorf("no chart: %s", out)
	}
	root := t.TempDir()
	for name, text := range map[string]string{"Chart.yaml": "name: x\n", "templates/deep/m.yaml": pod} {
		path := filepath.Join(root, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	var report strings.Builder
	if sum, err := run(root, root, &report); err != nil || sum.violations != 0 || sum.templates != 1 {
		t.Errorf("chart: %v\n%s", err, report.String())
	}
}

func TestTrees(t *testing.T) {
	var out strings.Builder
	a, b := t.TempDir(), t.TempDir()
	if err := os.WriteFile(filepath.Join(a, "m.yml"), []byte(fixed), 0o666); err != nil {
		t.Fatal(err)
	}
	if _, err := run(a, b, &out); err == nil {
		t.Error("a lost file went unnoticed")
	}
	if _, err := run(a, filepath.Join(b, "nothing"), &out); err == nil {
		t.Error("a missing tree went unnoticed")
	}
}
