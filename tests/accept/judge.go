package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"reflect"
	"slices"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/pod-security-admission/policy"
)

// judge holds the state of judging one pair of files.
type judge struct {
	path string
	sum  *totals
	out  io.Writer
}

func (j *judge) violation(where, format string, args ...any) {
	j.sum.violations++
	fmt.Fprintf(j.out, "%s: %s: %s\n", j.path, where, fmt.Sprintf(format, args...))
}

// documents judges two lists of documents side by side.
func (j *judge) documents(old, now []document) {
	j.sum.documents += len(old)
	if len(old) != len(now) {
		j.violation("file", "%d documents became %d", len(old), len(now))
		return
	}
	for i := range old {
		where := fmt.Sprintf("document %d", i+1)
		if old[i].err != nil {
			j.undecoded(where, old[i].err)
			continue
		}
		if now[i].err != nil {
			j.violation(where, "decoded before, doesn't now: %v", now[i].err)
			continue
		}
		j.strict(where, old[i].strict, now[i].strict)
		a, _ := objects(where, old[i].json, nil)
		b, others := objects(where, now[i].json, nil)
		j.sum.other += others
		j.objects(where, a, b)
	}
}

// undecoded counts what Kubernetes couldn't read before the change: nobody's fault, but worth a look.
func (j *judge) undecoded(where string, err error) {
	j.sum.undecoded++
	fmt.Fprintf(j.out, "%s: %s: undecoded: %.200v\n", j.path, where, err)
}

func (j *judge) objects(where string, old, now []object) {
	if len(old) != len(now) {
		j.violation(where, "%d objects became %d", len(old), len(now))
		return
	}
	for i := range old {
		a, b := old[i], now[i]
		j.sum.objects++
		if a.err != nil {
			j.undecoded(a.where, a.err)
			continue
		}
		if b.err != nil {
			j.violation(b.where, "decoded before, doesn't now: %v", b.err)
			continue
		}
		j.strict(b.where, a.strict, b.strict)
		j.restricted(b)
		j.equal(a, b)
	}
}

// strict reports what strict decoding has against AFTER that it didn't have against BEFORE.
func (j *judge) strict(where string, old, now []string) {
	left := slices.Clone(old)
	for _, text := range now {
		if i := slices.Index(left, text); i >= 0 {
			left = slices.Delete(left, i, i+1)
		} else {
			j.violation(where, "strict decoding: %s", text)
		}
	}
}

// restricted puts the object's pod spec to Kubernetes' own check, overlays taken out.
func (j *judge) restricted(o object) {
	spec := o.spec.DeepCopy()
	total := len(spec.Containers) + len(spec.InitContainers) + len(spec.EphemeralContainers)
	noImage := func(c corev1.Container) bool { return c.Image == "" }
	spec.Containers = slices.DeleteFunc(spec.Containers, noImage)
	spec.InitContainers = slices.DeleteFunc(spec.InitContainers, noImage)
	spec.EphemeralContainers = slices.DeleteFunc(spec.EphemeralContainers, func(c corev1.EphemeralContainer) bool {
		return c.Image == ""
	})
	left := len(spec.Containers) + len(spec.InitContainers) + len(spec.EphemeralContainers)
	j.sum.containers += left
	j.sum.overlays += total - left
	if spec.OS != nil && spec.OS.Name == corev1.Windows {
		j.sum.windows++
	}
	versions := policy.CheckCapabilitiesRestricted().Versions
	result := versions[len(versions)-1].CheckPod(nil, spec)
	if !result.Allowed {
		j.violation(o.where, "%s: %s", result.ForbiddenReason, result.ForbiddenDetail)
	}
}

// equal reports objects that differ in more than capabilities.
func (j *judge) equal(a, b object) {
	stripCapabilities(a.spec)
	stripCapabilities(b.spec)
	x, errx := json.Marshal(a.typed)
	y, erry := json.Marshal(b.typed)
	if errx != nil || erry != nil || !bytes.Equal(x, y) {
		at := 0
		for at < min(len(x), len(y)) && x[at] == y[at] {
			at++
		}
		at = max(0, at-40)
		j.violation(b.where, "differs in more than capabilities: …%.120s became …%.120s", x[at:], y[at:])
	}
}

// stripCapabilities takes out what the rule may change; a security context of nothing else counts as none.
func stripCapabilities(spec *corev1.PodSpec) {
	strip := func(sc **corev1.SecurityContext) {
		if *sc == nil {
			return
		}
		(*sc).Capabilities = nil
		if reflect.DeepEqual(**sc, corev1.SecurityContext{}) {
			*sc = nil
		}
	}
	for i := range spec.Containers {
		strip(&spec.Containers[i].SecurityContext)
	}
	for i := range spec.InitContainers {
		strip(&spec.InitContainers[i].SecurityContext)
	}
	for i := range spec.EphemeralContainers {
		strip(&spec.EphemeralContainers[i].SecurityContext)
	}
}
