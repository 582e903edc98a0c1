# Completions: every option of --help is in them, and the shells take them.
bash_file=$STAGE/usr/share/bash-completion/completions/capfix
zsh_file=$STAGE/usr/share/zsh/site-functions/_capfix
fish_file=$STAGE/usr/share/fish/vendor_completions.d/capfix.fish
options=$("$capfix" --help | grep -Eo '^  (-., |    )--[a-z0-9-]+' | grep -Eo -- '--[a-z0-9-]+$' | sort)

# complete_bash WORD...: what Tab offers for the last word.
complete_bash() {
	bash --norc -c '. "$1"; shift; COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)); _capfix; printf "%s\n" "${COMPREPLY[@]}"' \
		- "$bash_file" "$@" | sort
}
touch 'a b.yaml' other.txt
check "bash: -- offers all options" test "$(complete_bash capfix --)" = "$options"
check "bash: --col offers --color" test "$(complete_bash capfix --col)" = --color
check "bash: --color a offers its values" test "$(complete_bash capfix --color a | tr '\n' ' ')" = 'always auto '
check "bash: so does --color=a" test "$(complete_bash capfix --color = a | tr '\n' ' ')" = 'always auto '
check "bash: --policy offers files" test "$(complete_bash capfix --policy a)" = 'a b.yaml'
check "bash: a path, too, of capfix and of kubectl-capfix" test "$(complete_bash kubectl-capfix -d a)" = 'a b.yaml'

if command -v zsh >/dev/null; then
	check "zsh takes them" zsh -n "$zsh_file"
	zsh -f -c 'autoload -U compinit; fpath=("$1" $fpath); compinit -u -D; _arguments() { print -rl -- "$@"; }
		. "$2"' - "$(dirname "$zsh_file")" "$zsh_file" >"$out" 2>"$err"
	check "zsh: has all options" test "$(grep -Eo -- '^(\(-. --[a-z0-9-]+\))?--[a-z0-9-]+' "$out" |
		grep -Eo -- '--[a-z0-9-]+$' | sort -u)" = "$options"
	check "zsh: --color has its values" grep -Fq ':WHEN:(auto always never)' "$out"
	err_empty "zsh: says nothing"
else
	skip zsh "it is not installed"
fi
if command -v fish >/dev/null; then
	offers() { fish --no-config -c 'source $argv[1]; complete -C "$argv[2]"' "$fish_file" "$1" | cut -f1 | sort; }
	check "fish: -- offers all options" test "$(offers 'capfix --')" = "$options"
	check "fish: --color offers its values" test "$(offers 'capfix --color a' | tr '\n' ' ')" = 'always auto '
	check "fish: --policy offers files" test "$(offers 'capfix --policy a')" = 'a b.yaml'
else
	skip fish "it is not installed"
fi
refute "what has no options is refused" sh -c '"$ROOT/packaging/completions.sh" bash </dev/null >/dev/null 2>&1'
