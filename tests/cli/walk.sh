# Which files a folder stands for.
mkdir -p w/.hidden w/.git-not w/deep/er w/real w/dir.yaml
for f in a.yaml b.yml c.json D.YAML e.yaml.bak f.yaml~ yaml .yaml .hidden/h.yaml deep/er/d.yaml dir.yaml/x.yaml; do pod "w/$f"; done
mkdir elsewhere && pod elsewhere/e.yaml
ln -s ../elsewhere w/link
ln -s ../elsewhere/e.yaml w/linked.yaml
mkfifo w/pipe.yaml
exits 1 "a plain walk" -l w
out_is "takes .yaml, .yml and .json, in the order of their bytes" \
	'w/.hidden/h.yaml\nw/a.yaml\nw/b.yml\nw/c.json\nw/deep/er/d.yaml\nw/dir.yaml/x.yaml\n'
exits 1 "a named file" -l w/D.YAML w/e.yaml.bak
out_is "may have any name" 'w/D.YAML\nw/e.yaml.bak\n'
exits 1 "a named link to a folder" -l w/link
out_is "is followed" 'w/link/e.yaml\n'
exits 1 "folders that meet" -l w/deep w w/deep/er
check "give each file once" test "$(wc -l <"$out")" -eq 6

mkdir g && cd g && git init -q .
printf '*.skip.yaml\nbuild/\n' >.gitignore
mkdir build sub nested
for f in tracked.yaml untracked.yaml a.skip.yaml build/b.yaml sub/s.yaml gone.yaml; do pod $f; done
mkdir -p .git/inside && pod .git/inside/x.yaml
git -C nested init -q . && pod nested/n.yaml && pod nested/m.skip.yaml
git add .gitignore tracked.yaml gone.yaml sub && git commit -qm start && rm gone.yaml
git init -q ../module-source && pod ../module-source/m.yaml && git -C ../module-source add -A && git -C ../module-source commit -qm m
git -c protocol.file.allow=always submodule --quiet add "$PWD/../module-source" module 2>/dev/null
exits 1 "in a work tree" -l .
out_is "git says which: no ignored ones, no submodules, nested repositories by their own rules" \
	'nested/m.skip.yaml\nnested/n.yaml\nsub/s.yaml\ntracked.yaml\nuntracked.yaml\n'
err_empty "a file that is tracked, but gone, is no trouble"
exits 1 "with -v" -lv .
err_has "submodules are named" '^module: note: a submodule: left out \[io\]$'
git worktree add -q ../worktree 2>/dev/null && pod ../worktree/a.skip.yaml && pod ../worktree/w.yaml
exits 1 "in another worktree, whose .git is a file" -l ../worktree
out_is "git says which, too" '../worktree/gone.yaml\n../worktree/sub/s.yaml\n../worktree/tracked.yaml\n../worktree/w.yaml\n'
exits 1 "a folder of a work tree" -l sub
out_is "by its own name" 'sub/s.yaml\n'
cd sub
exits 1 "from inside" -l .
out_is "relative to it" 's.yaml\n'
exits 1 "from beside" -l ../sub
out_is "with .." '../sub/s.yaml\n'
cd ..
exits 1 "an ignored file that is named" -l a.skip.yaml
exits 1 "an ignored folder that is named" -l build
out_is "is meant" 'build/b.yaml\n'
GIT_DIR=/nonexistent GIT_INDEX_FILE=/nonexistent exits 1 "as from a hook" -l .
check "gives the same" test "$(wc -l <"$out")" -eq 5
git mv sub/s.yaml sub/t.yaml && rm -r sub && ln -s ../w sub && pod ../w/t.yaml
exits 1 "a folder that became a link" -l .
refute "is not followed" grep -q sub "$out"
printf '#!/bin/sh\ntouch "%s/ran"\n' "$PWD" >hook && chmod +x hook
git config core.fsmonitor "$PWD/hook"
cp hook .git/hooks/post-index-change
exits 1 "with hooks" -l .
check "none is run" test ! -e ran
mkdir nogit
PATH=$PWD/nogit exits 1 "without git" -lv .
out_has "all are taken" '^a\.skip\.yaml$'
err_has "which -v says" '^\.: note: git cannot be asked'
refute "but never those of .git" grep -q inside "$out"
echo rubbish >.git/HEAD
exits 1 "where git fails" -l .
out_has "all are taken, too" '^build/b\.yaml$'
cd ..
exits 1 "repositories below a plain folder" -l g/nested module-source w
out_has "are asked for theirs" '^module-source/m\.yaml$'
