package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"regexp"
	"strings"

	appsv1 "k8s.io/api/apps/v1"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	yamlutil "k8s.io/apimachinery/pkg/util/yaml"
	kjson "sigs.k8s.io/json"
	"sigs.k8s.io/yaml"
)

// document is one document of a file, as JSON; err says why it isn't one.
type document struct {
	json   []byte
	strict []string // what strict decoding has against its YAML: keys that stand there twice
	err    error
}

// split cuts a file into documents as kubectl does: a stream of JSON values if it is one, else YAML documents between
// lines of `---`.
func split(text []byte) []document {
	if yamlutil.IsJSONBuffer(text) {
		if docs, ok := splitJSON(text); ok {
			return docs
		}
	}
	var docs []document
	reader := yamlutil.NewYAMLReader(bufio.NewReader(bytes.NewReader(text)))
	for {
		part, err := reader.Read()
		if err == io.EOF {
			return docs
		}
		if err != nil {
			return append(docs, document{err: err})
		}
		if len(bytes.TrimSpace(part)) == 0 {
			continue
		}
		docs = append(docs, decodeYAML(part))
	}
}

func splitJSON(text []byte) ([]document, bool) {
	var docs []document
	decoder := json.NewDecoder(bytes.NewReader(text))
	for {
		var raw json.RawMessage
		err := decoder.Decode(&raw)
		if err == io.EOF {
			return docs, true
		}
		if err != nil {
			return nil, false
		}
		docs = append(docs, document{json: raw})
	}
}

var lineNumber = regexp.MustCompile(`line \d+: `)

func decodeYAML(part []byte) document {
	out, err := yaml.YAMLToJSON(part)
	doc := document{json: out, err: err}
	if err == nil {
		if _, err := yaml.YAMLToJSONStrict(part); err != nil {
			doc.strict = strings.Split(lineNumber.ReplaceAllString(err.Error(), ""), "\n")
		}
	}
	return doc
}

// object is an object of a core kind, or why it can't be decoded as one.
type object struct {
	where  string // "document 1, item 2: Deployment/web"
	typed  any
	spec   *corev1.PodSpec
	strict []string
	err    error
}

// header is what every object and list has.
type header struct {
	metav1.TypeMeta `json:",inline"`
	Metadata        struct {
		Name string `json:"name"`
	} `json:"metadata"`
	Items []json.RawMessage `json:"items"`
}

// kind is a group and kind, whatever the version.
type kind struct{ group, kind string }

// maker makes an empty object, and finds the pod spec once it is filled.
type maker func() (typed any, spec func() *corev1.PodSpec)

func deployment() (any, func() *corev1.PodSpec) {
	o := new(appsv1.Deployment)
	return o, func() *corev1.PodSpec { return &o.Spec.Template.Spec }
}

func replicaSet() (any, func() *corev1.PodSpec) {
	o := new(appsv1.ReplicaSet)
	return o, func() *corev1.PodSpec { return &o.Spec.Template.Spec }
}

func daemonSet() (any, func() *corev1.PodSpec) {
	o := new(appsv1.DaemonSet)
	return o, func() *corev1.PodSpec { return &o.Spec.Template.Spec }
}

func job() (any, func() *corev1.PodSpec) {
	o := new(batchv1.Job)
	return o, func() *corev1.PodSpec { return &o.Spec.Template.Spec }
}

// makers holds the core kinds in all groups they ever had. Old ones are decoded as the current type: the pod spec is
// the same.
var makers = map[kind]maker{
	{"", "Pod"}: func() (any, func() *corev1.PodSpec) {
		o := new(corev1.Pod)
		return o, func() *corev1.PodSpec { return &o.Spec }
	},
	{"", "PodTemplate"}: func() (any, func() *corev1.PodSpec) {
		o := new(corev1.PodTemplate)
		return o, func() *corev1.PodSpec { return &o.Template.Spec }
	},
	{"", "ReplicationController"}: func() (any, func() *corev1.PodSpec) {
		o := new(corev1.ReplicationController)
		return o, func() *corev1.PodSpec {
			if o.Spec.Template == nil {
				return new(corev1.PodSpec)
			}
			return &o.Spec.Template.Spec
		}
	},
	{"apps", "Deployment"}:       deployment,
	{"extensions", "Deployment"}: deployment,
	{"apps", "ReplicaSet"}:       replicaSet,
	{"extensions", "ReplicaSet"}: replicaSet,
	{"apps", "DaemonSet"}:        daemonSet,
	{"extensions", "DaemonSet"}:  daemonSet,
	{"apps", "StatefulSet"}: func() (any, func() *corev1.PodSpec) {
		o := new(appsv1.StatefulSet)
		return o, func() *corev1.PodSpec { return &o.Spec.Template.Spec }
	},
	{"batch", "Job"}:      job,
	{"extensions", "Job"}: job,
	{"batch", "CronJob"}: func() (any, func() *corev1.PodSpec) {
		o := new(batchv1.CronJob)
		return o, func() *corev1.PodSpec { return &o.Spec.JobTemplate.Spec.Template.Spec }
	},
}

// objects finds the objects of core kinds in a document: itself, or the items of lists. others counts the rest.
func objects(where string, raw []byte, typeOfItem *kind) (found []object, others int) {
	var head header
	if err := kjson.UnmarshalCaseSensitivePreserveInts(raw, &head); err != nil {
		return nil, 1 // not an object of Kubernetes
	}
	group, _, hasGroup := strings.Cut(head.APIVersion, "/")
	if !hasGroup {
		group = ""
	}
	is := kind{group, head.Kind}
	if head.APIVersion == "" || head.Kind == "" {
		if typeOfItem == nil {
			return nil, 1
		}
		is = *typeOfItem
	}
	item := kind{is.group, strings.TrimSuffix(is.kind, "List")}
	_, typedList := makers[item]
	if is == (kind{"", "List"}) || typedList && item != is {
		inner := &item
		if is.kind == "List" {
			inner = nil
		}
		for i, raw := range head.Items {
			more, rest := objects(fmt.Sprintf("%s, item %d", where, i+1), raw, inner)
			found, others = append(found, more...), others+rest
		}
		return found, others
	}
	if makers[is] == nil {
		return nil, 1
	}
	return []object{decode(fmt.Sprintf("%s: %s/%s", where, is.kind, head.Metadata.Name), raw, makers[is])}, 0
}

func decode(where string, raw []byte, make maker) object {
	typed, spec := make()
	strict, err := kjson.UnmarshalStrict(raw, typed)
	o := object{where: where, typed: typed, err: err}
	for _, e := range strict {
		o.strict = append(o.strict, e.Error())
	}
	if err == nil {
		o.spec = spec()
	}
	return o
}
