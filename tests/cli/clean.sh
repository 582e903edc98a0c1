# --require-clean: nothing is written over what nobody has committed.
git init -q g && cd g
mkdir sub && pod a.yaml && pod sub/b.yaml && fine c.yaml && pod d.yaml
printf '*.ignored.yaml\n' >.gitignore
git add -A && git commit -qm start
exits 0 "in a clean work tree" -q -i --require-clean .
check "the work is done" grep -q -- '- ALL' a.yaml
exits 0 "files with changes that would not change again" -q -i --require-clean .
err_empty "are no obstacle, so a run that was stopped can be continued"
git checkout -q . && echo '# mine' >>a.yaml && echo '# mine' >>c.yaml
cp a.yaml orig.a && cp sub/b.yaml orig.b
exits 2 "a file with changes" -i --require-clean .
err_is "is named, and only that" \
	'a.yaml: error: has changes that are not committed, and would be changed: commit or stash them first [io]\n'
out_empty "without results"
same "it is as it was" a.yaml orig.a
same "and so are the others" sub/b.yaml orig.b
exits 1 "-d writes nothing, so does not mind" -d --require-clean a.yaml
exits 0 "other files do not matter" -q -i --require-clean sub d.yaml
git checkout -q . && git add a.yaml && echo '# mine' >>a.yaml && git add a.yaml
exits 2 "what is only staged" -q -i --require-clean .
err_has "is named too, with -q" '^a\.yaml: error: has changes'
git reset -q --hard && pod new.yaml && pod sub/new.yaml
exits 2 "a file that git does not know" -i --require-clean sub
err_has "is named" '^sub/new\.yaml: error: has changes'
ln -s g/new.yaml ../link.yaml
exits 2 "through a link" -i --require-clean ../link.yaml
err_has "it is named as it was given" '^\.\./link\.yaml: error: has changes'
rm ../link.yaml new.yaml sub/new.yaml
pod x.ignored.yaml
exits 0 "an ignored file that is named" -q -i --require-clean x.ignored.yaml
git mv d.yaml e.yaml
exits 2 "a file that was renamed" -i --require-clean .
err_has "is named by its new name" '^e\.yaml: error: has changes'
git reset -q --hard

cd .. && git clone -q g h && git -C g worktree add -q ../wt && echo '# mine' >>wt/a.yaml && mkdir plain && pod plain/p.yaml
exits 2 "several repositories" -i --require-clean g h wt plain
err_is "one is in the way of all" \
	'wt/a.yaml: error: has changes that are not committed, and would be changed: commit or stash them first [io]\n'
check "nothing is written" test -z "$(git -C h status --porcelain)"
exits 0 "what is outside of git" -q -i --require-clean plain h
check "does not matter" grep -q -- '- ALL' plain/p.yaml

# Nothing that a repository brings along is run: no filter, no monitor, no hook.
git init -q evil && pod evil/a.yaml && git -C evil add -A && git -C evil commit -qm a
printf '#!/bin/sh\ntouch "%s/ran"\ncat\n' "$PWD" >prog && chmod +x prog
for filter in clean smudge process; do git -C evil config filter.x.$filter "$PWD/prog"; done
git -C evil config filter.x.required true
git -C evil config core.fsmonitor "$PWD/prog"
git -C evil config diff.external "$PWD/prog"
echo '*.yaml filter=x' >evil/.git/info/attributes
cp prog evil/.git/hooks/post-index-change
touch -d 2020-01-01 evil/a.yaml
exits 0 "a repository that brings programs along" -q -i --require-clean evil
check "none is run" test ! -e ran
git -C evil status --porcelain >/dev/null 2>&1
check "though git would run it" test -e ran
echo rubbish >evil/.git/HEAD
cp evil/a.yaml orig
exits 2 "where git cannot be asked" -i --require-clean evil/a.yaml
err_has "nothing is done" '^evil: error: git cannot be asked for changes'
