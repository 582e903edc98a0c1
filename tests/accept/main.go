// Command accept judges rewritten manifests with Kubernetes' own code.
//
//	accept BEFORE AFTER
//
// Both are files, or trees that hold the same .yaml, .yml and .json files. Each object of a core kind in AFTER is
// decoded as Kubernetes decodes it, and its pod spec is put to the check capabilities_restricted of Pod Security
// admission. Containers without an image are overlays, and taken out first. What decoded before must decode after, what
// decoded strictly must still do so, and the decoded objects must be equal but for the containers' capabilities.
//
// Set apart, and only counted: Helm templates, documents and objects that Kubernetes doesn't decode before the
// change, and other kinds.
//
// Exit status: 0 all accepted, 1 some objects aren't, 2 trouble.
package main

import (
	"bytes"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// totals counts what was seen. undecoded counts documents and objects that Kubernetes can't read in BEFORE.
type totals struct {
	files, templates, documents, undecoded, objects, other, windows, containers, overlays int
	violations, changed                                                                   int
}

func main() {
	if len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "usage: accept BEFORE AFTER")
		os.Exit(2)
	}
	sum, err := run(os.Args[1], os.Args[2], os.Stdout)
	if err != nil {
		fmt.Fprintln(os.Stderr, "accept:", err)
		os.Exit(2)
	}
	if sum.violations > 0 {
		os.Exit(1)
	}
}

// run compares two files or trees and writes a line for each violation, then the totals.
func run(before, after string, out io.Writer) (totals, error) {
	var sum totals
	names, err := manifests(before)
	if err != nil {
		return sum, err
	}
	others, err := manifests(after)
	if err != nil {
		return sum, err
	}
	if !slices.Equal(names, others) {
		return sum, fmt.Errorf("%s and %s don't hold the same files", before, after)
	}
	for _, name := range names {
		if err := judgeFile(filepath.Join(before, name), filepath.Join(after, name), &sum, out); err != nil {
			return sum, err
		}
	}
	fmt.Fprintf(out, "%d files (%d changed, %d templates), %d documents, %d of them or their objects undecoded\n",
		sum.files, sum.changed, sum.templates, sum.documents, sum.undecoded)
	fmt.Fprintf(out, "%d objects of core kinds, %d others, %d containers, %d overlays, %d pods of Windows\n",
		sum.objects, sum.other, sum.containers, sum.overlays, sum.windows)
	fmt.Fprintf(out, "%d violations\n", sum.violations)
	return sum, nil
}

// manifests lists the files of a tree, sorted, relative to it; of a file, the empty name.
func manifests(root string) ([]string, error) {
	info, err := os.Stat(root)
	if err != nil {
		return nil, err
	}
	if !info.IsDir() {
		return []string{""}, nil
	}
	var names []string
	err = filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() && entry.Name() == ".git" {
			return filepath.SkipDir
		}
		switch strings.ToLower(filepath.Ext(path)) {
		case ".yaml", ".yml", ".json":
			if entry.Type().IsRegular() {
				name, err := filepath.Rel(root, path)
				names = append(names, name)
				return err
			}
		}
		return nil
	})
	slices.Sort(names)
	return names, err
}

// judgeFile judges one pair of files.
func judgeFile(before, after string, sum *totals, out io.Writer) error {
	old, err := os.ReadFile(before)
	if err != nil {
		return err
	}
	now, err := os.ReadFile(after)
	if err != nil {
		return err
	}
	sum.files++
	if !bytes.Equal(old, now) {
		sum.changed++
	}
	olddocs := split(old)
	if inChart(before) || isTemplate(old) {
		sum.templates++
		if !bytes.Equal(old, now) {
			sum.violations++
			fmt.Fprintf(out, "%s: is a template, and was changed\n", after)
		}
		return nil
	}
	j := judge{path: after, sum: sum, out: out}
	j.documents(olddocs, split(now))
	return nil
}
