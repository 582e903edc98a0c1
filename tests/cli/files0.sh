# Paths from a list, each with a NUL behind it.
mkdir d && pod a.yaml && pod 'with space.yaml' && pod d/b.yaml && pod "$(printf 'new\nline.yaml')" && pod ./-x.yaml
printf '%s\0' 'with space.yaml' d a.yaml "$(printf 'new\nline.yaml')" ./-x.yaml a.yaml >list
exits 1 "--files0-from FILE" -l --files0-from list
out_is "takes what is named, folders too, each once" '-x.yaml\na.yaml\nd/b.yaml\n"new\\nline.yaml"\nwith space.yaml\n'
cp "$out" want
exits 1 "--files0-from -" -l --files0-from - <list
same "reads the list from standard input" "$out" want
printf 'a.yaml\0d' >short
exits 1 "a last name without a NUL" -l --files0-from=short
out_is "counts too" 'a.yaml\nd/b.yaml\n'
printf -- '-x.yaml\0' >dash
exits 1 "a leading dash" -l --files0-from dash
out_is "is part of a name" '-x.yaml\n'
: >empty
exits 0 "an empty list" --files0-from empty
out_empty "is nothing to do, and not the current folder"
exits 0 "an empty list for --explain" --explain --files0-from empty
exits 0 "a list for --effective" --effective --files0-from short
out_has "works too" 'a\.yaml'
printf 'a.yaml\0gone.yaml\0' >gone
exits 2 "a name that is not there" -l --files0-from gone
err_has "is trouble" '^gone\.yaml: error: cannot read: No such file or directory \[io\]$'
out_is "and the others are done" 'a.yaml\n'
cp a.yaml orig
for bad in 'a.yaml\0\0b.yaml\0' '\0'; do
	printf "$bad" >bad
	exits 2 "an empty name" -i --files0-from bad
	err_has "is trouble, with its number" '^capfix: --files0-from: bad: name [12] is empty$'
done
same "nothing is done then" a.yaml orig
ls >lines
exits 2 "names with line feeds" -l --files0-from lines
err_is "are told apart" 'capfix: --files0-from: lines: names must end with a NUL byte, not with a line feed\n'
printf -- '-\0' | "$capfix" --files0-from - >"$out" 2>"$err"
check "- in a list from standard input is trouble" test $? -eq 2
err_has "and it says why" 'cannot be in a list that is read from standard input'
printf -- '-\0' >stdin
exits 1 "- in a list from a file" --files0-from stdin <a.yaml
out_has "is standard input" '^\+\+\+ b/-$'
exits 2 "a list that is not there" --files0-from nowhere
err_is "is trouble" 'capfix: --files0-from: nowhere: cannot read: No such file or directory\n'
exits 2 "a list without a name" --files0-from
git init -q g && pod g/old.yaml && git -C g add -A && git -C g commit -qm o && pod g/new.yaml && git -C g add -A
check "what a commit will change" test "$(git -C g diff --cached --name-only -z |
	(cd g && "$capfix" -l --files0-from -))" = new.yaml
