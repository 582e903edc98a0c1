# Bare repositories, and the program that the hosts call capfix. Read by `run`.

# manifest NAME [LINE...]: a Deployment, with these lines in its container.
manifest() {
	printf '%s\n' 'apiVersion: apps/v1' 'kind: Deployment' 'metadata:' "  name: $1" 'spec:' '  template:' '    spec:' \
		'      containers:' "      - name: $1  # kept" '        image: registry.example.com/app:1'
	shift
	[ $# -eq 0 ] || printf '        %s\n' "$@"
}

# repository NAME: a bare one in $top/bare from the current folder's files, whose default branch is trunk.
repository() {
	git -c init.defaultBranch=trunk init -q --bare "$top/bare/$1.git"
	git init -q . && git checkout -q -b trunk && git add -A && git commit -q --allow-empty -m "Start" &&
		git push -q "$top/bare/$1.git" trunk
}

# make_repository NAME: one of them.
make_repository() {
	mkdir -p "$top/bare" "$top/seed/$1" && cd "$top/seed/$1" || return
	case $1 in
	plain) manifest web >web.yaml ;;
	fine) manifest web 'securityContext: {capabilities: {drop: [ALL]}}' >web.yaml ;;
	bare) echo "no manifests" >README ;;
	kept*)
		printf '%s\n' 'version: 1' 'allow:' '- capability: NET_BIND_SERVICE' '  reason: "listens on :80"' >.capfix.yaml
		mkdir deploy
		manifest edge 'securityContext: {capabilities: {add: [NET_BIND_SERVICE, SYS_TIME, NO_SUCH]}}' >deploy/edge.yaml
		manifest plain >deploy/plain.yaml
		;;
	refused*)
		manifest odd 'securityContext: {capabilities: {drop: ALL}}' >odd.yaml
		manifest web >web.yaml
		;;
	unparsable)
		printf 'apiVersion: v1\nkind: Pod\nspec:\n  containers: [\n' >broken.yaml
		manifest web >web.yaml
		;;
	policy)
		printf 'version: 1\nnonsense: true\n' >.capfix.yaml
		manifest web >web.yaml
		;;
	many)
		mkdir 'with blank' a b
		for name in a/one a/two b/three 'with blank/four'; do manifest web >"$name.yaml"; done
		manifest web | sed 's/$/\r/' >b/crlf.yaml
		printf 'b/crlf.yaml -text\n' >.gitattributes
		;;
	*) manifest "$1" >web.yaml ;;
	esac
	if [ "${1%%-*}" = empty ]; then
		git init -q --bare "$top/bare/$1.git"
	else
		repository "$1"
	fi
}

# occupy NAME: a person has committed to the branch that the fleet would make.
occupy() {
	(cd "$top/seed/$1" && git checkout -q -b capfix/drop-all && echo x >mine && git add mine && git commit -q -m Mine &&
		git push -q "$top/bare/$1.git" capfix/drop-all && git checkout -q trunk)
}

# by_hand NAME: the tree that capfix --in-place gives on the default branch.
by_hand() {
	rm -rf "$top/hand" && git clone -q "$top/bare/$1.git" "$top/hand" 2>/dev/null && cd "$top/hand" || return
	"$top/bin/real" --in-place . >/dev/null 2>&1
	git add -A && git write-tree
}

tree_of() { git -C "$top/bare/$1.git" rev-parse 'capfix/drop-all^{tree}'; }
branch_is_by_hand() { [ "$(tree_of "$1")" = "$(by_hand "$1")" ]; }
branch_is_on_trunk() {
	[ "$(git -C "$top/bare/$1.git" rev-parse 'capfix/drop-all^')" = "$(git -C "$top/bare/$1.git" rev-parse trunk)" ]
}
all_refs() { for bare in "$top"/bare/*.git; do echo "$bare" && git -C "$bare" for-each-ref; done; }

# Notes each call that changes files. Where there is a file "hold" in the home of a host, its calls but the first hang.
cat >"$top/bin/capfix" <<END
#!/bin/sh
export LSAN_OPTIONS='${LSAN_OPTIONS-}'
if [ "\$1" = --version ] && [ -e "\$HOME/other" ]; then
	echo "capfix of another version"
	exit
fi
if [ "\$1" = --in-place ]; then
	echo "\$(basename "\$PWD")" >>"\$HOME/calls"
	if [ -e "\$HOME/hold" ] && ! mkdir "\$HOME/first" 2>/dev/null; then
		: >"\$HOME/held"
		sleep 60
	fi
fi
exec '$top/bin/real' "\$@"
END
chmod +x "$top/bin/capfix"
