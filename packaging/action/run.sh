#!/bin/bash
# For action.yml: annotates, writes the SARIF report and the summary, sets the outputs. Inputs are CAPFIX_*.
set -uo pipefail

is_true() { # NAME VALUE
	case $2 in
	true) return 0 ;;
	false) return 1 ;;
	esac
	echo "::error title=capfix::the input $1 takes true or false"
	exit 2
}

# What may hold names of files is not to be taken for a workflow command.
show_plain() {
	[ -s "$1" ] || return 0
	local token
	token=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
	echo "::stop-commands::$token"
	cat -- "$1"
	echo
	echo "::$token::"
}

is_true fail "$CAPFIX_FAIL" && fails=1 || fails=0
is_true summary "$CAPFIX_SUMMARY" && summary=1 || summary=0
case $CAPFIX_SARIF_FILE in
*$'\n'*)
	echo "::error title=capfix::the input sarif-file is more than one line"
	exit 2
	;;
esac

arguments=()
[ -z "$CAPFIX_POLICY" ] || arguments+=(--policy "$CAPFIX_POLICY")
arguments+=(--)
while IFS= read -r path; do
	path=${path%$'\r'}
	[ "$path" != - ] || path=./-
	[ -z "$path" ] || arguments+=("$path")
done <<<"$CAPFIX_PATHS"

talk=$(mktemp) || exit 2
trap 'rm -f "$talk"' EXIT

"$CAPFIX_PROGRAM" --check --format github "${arguments[@]}" 2>"$talk"
status=$?
# What stops a program otherwise, a signal for example, is trouble too.
[ $status -le 2 ] || status=2
show_plain "$talk"

sarif=
if [ -n "$CAPFIX_SARIF_FILE" ]; then
	"$CAPFIX_PROGRAM" --check --format sarif --output "$CAPFIX_SARIF_FILE" "${arguments[@]}" 2>"$talk"
	# It is written whatever the status, but where it cannot be.
	if [ -s "$CAPFIX_SARIF_FILE" ]; then
		sarif=$(realpath -- "$CAPFIX_SARIF_FILE")
	else
		show_plain "$talk"
		echo "::error title=capfix::no SARIF report could be written"
		status=2
	fi
fi
if [ "$summary" -eq 1 ] && [ -n "${GITHUB_STEP_SUMMARY-}" ]; then
	"$CAPFIX_PROGRAM" --check --format markdown "${arguments[@]}" 2>/dev/null >>"$GITHUB_STEP_SUMMARY"
fi

{
	echo "status=$status"
	echo "sarif-file=$sarif"
} >>"$GITHUB_OUTPUT"
[ $status -ne 1 ] || [ "$fails" -eq 1 ] || status=0
exit $status
