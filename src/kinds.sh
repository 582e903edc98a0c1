#!/bin/sh
# kinds.sh: prints src/kinds_table.inc, made from src/kinds.tsv. After a change there:
#
#   sh src/kinds.sh >src/kinds_table.inc
#
# The table is sorted as kinds_find searches it: by group, kind without case, and path. tests/lint/kinds proves that it is up to date.
set -eu
cd "$(dirname "$0")"
tab=$(printf '\t')

rows=$(awk -F '\t' '
	function fail(what) { print "kinds.tsv:" NR ": " what >"/dev/stderr"; bad = 1; exit }
	BEGIN { split("podspec list map one bare objects none", names, " "); for (i in names) known[names[i]] = 1 }
	/^#/ { next }
	NF != 5 { fail(NF " columns, not 5") }
	!($4 in known) { fail("no such shape: " $4) }
	$5 != "image" && $5 != "-" { fail("the last column is `image` or `-`") }
	($4 == "none") != ($3 == "") { fail("a path for all but `none`") }
	($4 == "list" || $4 == "objects") != ($3 ~ /\[\]$/) { fail("[] at the end is for list and objects") }
	($4 == "map") != ($3 ~ /\{\}$/) { fail("{} at the end is for map") }
	seen[$1, tolower($2), $3]++ { fail("a second time: " $2 " " $3) }
	{ print $1 "\t" tolower($2) "\t" $3 "\t" $2 "\t" $4 "\t" $5 }
	END { exit bad }
' kinds.tsv)

echo '/* Made by kinds.sh from kinds.tsv: change that one. Sorted by group, kind (without case) and path. */'
printf '%s\n' "$rows" | LC_ALL=C sort -t "$tab" -k1,1 -k2,2 -k3,3 | awk -F '\t' '{
	printf "{\"%s\", \"%s\", \"%s\", SHAPE_%s, %s},\n", $1, $4, $3, toupper($5), $6 == "image" ? "true" : "false"
}'
