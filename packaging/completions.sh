#!/bin/sh
# completions.sh bash|zsh|fish: makes a shell's completions from what `capfix --help` prints, given on standard input.
#
# An option whose argument is a FILE gets names of files. For another argument the help begins with its values, as in
# "auto (default), always or never"; where it does not, nothing is offered.
set -eu

case ${1-} in
bash | zsh | fish) ;;
*)
	echo "usage: capfix --help | completions.sh bash|zsh|fish" >&2
	exit 2
	;;
esac

awk -v shell="$1" '
# "a (default), b or c; more": the values, or nothing.
function values_of(help,    n, i, words, list) {
	sub(/[;:].*/, "", help)
	gsub(/ *\([^)]*\)/, "", help)
	sub(/ or /, ", ", help)
	n = split(help, words, /, */)
	for (i = 1; i <= n; i++) {
		if (words[i] !~ /^[a-z0-9][-a-z0-9.]*$/)
			return ""
		list = list (i > 1 ? " " : "") words[i]
	}
	return n > 1 ? list : ""
}
# In single quotes of the shell.
function quoted(text) {
	gsub(/\047/, shell == "fish" ? "\\\\\047" : "\047\\\\\047\047", text)
	return "\047" text "\047"
}
function zsh_text(text) {
	gsub(/[\[\]:\\]/, "\\\\&", text)
	return text
}
function is_file(i) { return arg[i] ~ /^(FILE|PATH)/ }

/^  (-., |    )--/ {
	n++
	if (substr($0, 3, 1) == "-")
		letter[n] = substr($0, 4, 1)
	rest = substr($0, 9)
	name[n] = rest
	sub(/[ =[].*/, "", name[n])
	rest = substr(rest, length(name[n]) + 1)
	if (match(rest, /^[ =][A-Z][A-Z]*/)) {
		arg[n] = substr(rest, 2, RLENGTH - 1)
		rest = substr(rest, RLENGTH + 1)
	}
	sub(/^ */, "", rest)
	help[n] = rest
	next
}
# A help that goes on.
n && /^            +[^ ]/ {
	sub(/^ */, "")
	help[n] = help[n] " " $0
	next
}

function bash_out(    i, all, list) {
	print "# Completions of capfix for bash, made from capfix --help."
	print "_capfix()\n{"
	print "\tlocal cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]}"
	print "\t# --name=value comes as three words."
	print "\tif [[ $cur == = ]]; then"
	print "\t\tcur="
	print "\telif [[ $prev == = && COMP_CWORD -gt 1 ]]; then"
	print "\t\tprev=${COMP_WORDS[COMP_CWORD-2]}"
	print "\tfi"
	print "\tcase $prev in"
	for (i = 1; i <= n; i++) {
		all = all (i > 1 ? " " : "") "--" name[i]
		if (!(i in arg) || is_file(i))
			continue
		list = values_of(help[i])
		print "\t" (i in letter ? "-" letter[i] " | " : "") "--" name[i] ")"
		print "\t\tmapfile -t COMPREPLY < <(compgen -W \047" list "\047 -- \"$cur\")"
		print "\t\treturn"
		print "\t\t;;"
	}
	print "\tesac"
	print "\tif [[ $cur == -* ]]; then"
	print "\t\tmapfile -t COMPREPLY < <(compgen -W \047" all "\047 -- \"$cur\")"
	print "\t\treturn"
	print "\tfi"
	print "\tcompopt -o filenames 2>/dev/null"
	print "\tmapfile -t COMPREPLY < <(compgen -f -- \"$cur\")"
	print "}\ncomplete -F _capfix capfix kubectl-capfix"
}
function zsh_out(    i, list, tail, spec) {
	print "#compdef capfix kubectl-capfix"
	print "# Completions of capfix for zsh, made from capfix --help."
	print "\n_arguments -s -S \\"
	for (i = 1; i <= n; i++) {
		tail = ""
		if (i in arg) {
			list = values_of(help[i])
			tail = ":" arg[i] ":" (is_file(i) ? "_files" : list != "" ? "(" list ")" : " ")
		}
		spec = "[" zsh_text(help[i]) "]" tail
		if (i in letter)
			printf "\t%s{%s,%s}%s \\\n", quoted("(-" letter[i] " --" name[i] ")"),
				"-" letter[i] (i in arg ? "+" : ""), "--" name[i] (i in arg ? "=" : ""), quoted(spec)
		else
			printf "\t%s \\\n", quoted("--" name[i] (i in arg ? "=" : "") spec)
	}
	print "\t" quoted("*:path:_files")
}
function fish_out(    i, list, line) {
	print "# Completions of capfix for fish, made from capfix --help."
	for (i = 1; i <= n; i++) {
		line = "complete -c capfix" (i in letter ? " -s " letter[i] : "") " -l " name[i]
		if (i in arg) {
			list = values_of(help[i])
			line = line (is_file(i) ? " -r -F" : " -x" (list != "" ? " -a " quoted(list) : ""))
		}
		print line " -d " quoted(help[i])
	}
}
END {
	if (n == 0) {
		print "completions.sh: no options on standard input" | "cat >&2"
		exit 1
	}
	if (shell == "bash")
		bash_out()
	else if (shell == "zsh")
		zsh_out()
	else
		fish_out()
}'
