package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
)

// inChart tells whether the file lies in the templates folder of a Helm chart.
func inChart(path string) bool {
	path, err := filepath.Abs(path)
	if err != nil {
		return false
	}
	for dir := filepath.Dir(path); dir != filepath.Dir(dir); dir = filepath.Dir(dir) {
		if filepath.Base(dir) != "templates" {
			continue
		}
		if _, err := os.Stat(filepath.Join(filepath.Dir(dir), "Chart.yaml")); err == nil {
			return true
		}
	}
	return false
}

var blockHeader = regexp.MustCompile(`(?:^|[:\-\s])[|>][0-9+-]*\s*(?:\s#.*)?$`)

// isTemplate tells whether `{{` stands outside quotes, comments and block scalars. It goes line by line and knows no
// quotes that span lines.
func isTemplate(text []byte) bool {
	block := -1 // the indent of the line whose block scalar we are in
	for line := range strings.Lines(strings.TrimPrefix(string(text), "\ufeff")) {
		line = strings.TrimRight(line, "\r\n")
		indent := len(line) - len(strings.TrimLeft(line, " "))
		if block >= 0 && (indent > block || strings.TrimSpace(line) == "") {
			continue
		}
		block = -1
		if openBraces(line) {
			return true
		}
		if blockHeader.MatchString(line) {
			block = indent
		}
	}
	return false
}

// openBraces finds `{{` outside quotes and comments of one line.
func openBraces(line string) bool {
	var quote byte
	for i := 0; i < len(line); i++ {
		c := line[i]
		begins := i == 0 || strings.IndexByte(" \t[{,:-", line[i-1]) >= 0
		switch {
		case quote == '"' && c == '\\':
			i++
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case (c == '"' || c == '\'') && begins:
			quote = c
		case c == '#' && (i == 0 || line[i-1] == ' ' || line[i-1] == '\t'):
			return false
		case strings.HasPrefix(line[i:], "${{"): // a parameter of an OpenShift Template
			i += 2
		case strings.HasPrefix(line[i:], "{{"):
			return true
		}
	}
	return false
}
