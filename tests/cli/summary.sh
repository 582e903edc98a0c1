# What a run says at its end.
mkdir plain && git init -q a && git init -q b && git init -q a/nested && git init -q none
pod a/1.yaml && fine a/2.yaml && added a/3.yaml && echo 'just: text' >a/4.yaml && echo notes >none/readme
refused b/1.yaml && unparsable b/2.yaml && added b/3.yaml && policy b/.capfix.yaml
printf '{{ if .x }}\napiVersion: v1\nkind: Pod\nspec: {containers: [{name: a, image: b}]}\n{{ end }}\n' >b/4.yaml
pod a/nested/1.yaml && pod plain/1.yaml
cat >want <<'END'
capfix: a: 4 files, 3 parsed, 2 changed; 3 containers: 1 complied, 3 do now; 0 adds kept, 1 removed; 0 refused, 0 errors
capfix: a/nested: 1 file, 1 parsed, 1 changed; 1 container: 0 complied, 1 do now; 0 adds kept, 0 removed; 0 refused, 0 errors
capfix: b: 4 files, 2 parsed, 0 changed; 2 containers: 1 complied, 1 do now; 1 add kept, 0 removed; 1 refused, 1 error
capfix: outside of git: 1 file, 1 parsed, 1 changed; 1 container: 0 complied, 1 do now; 0 adds kept, 0 removed; 0 refused, 1 error
capfix: in all: 10 files, 7 parsed, 4 changed; 7 containers: 2 complied, 6 do now; 1 add kept, 1 removed; 1 refused, 2 errors
END
cp -r a a.orig
exits 2 "-i of several repositories" -i a b none plain gone
check "sums up each, and all" diff <(grep '^capfix: ' "$err") want
check "last of all" diff <(tail -n 5 "$err") want
exits 2 "-d" -d a b
refute "does not, unasked" grep '^capfix: ' "$err"
exits 0 "-i again" -i a/1.yaml a/2.yaml
err_is "one repository is one line" \
	'capfix: 2 files, 2 parsed, 0 changed; 2 containers: 2 complied, 2 do now; 0 adds kept, 0 removed; 0 refused, 0 errors\n'
exits 0 "-i of one file" -i a/1.yaml
err_empty "says nothing"
exits 2 "-q -i of several" -q -i a b
refute "says nothing but errors" grep -v 'error: ' "$err"
exits 0 "-v -i of one file" -v -i a/1.yaml
err_has "says it" '^capfix: 1 file, 1 parsed, 0 changed; 1 container: '
rm -rf a && mv a.orig a && rm -rf a/nested
exits 1 "-l -v" -l -v a
err_has "says what would be" \
	'^capfix: 4 files, 3 parsed, 2 to change; 3 containers: 1 complied, 3 would; 0 adds kept, 1 to remove; 0 refused, 0 errors$'
ln a/1.yaml a/hard
exits 2 "a file that cannot be replaced" -i a
err_has "is an error, and not changed" \
	'^capfix: 4 files, 3 parsed, 1 changed; 3 containers: 1 complied, 2 do now; 0 adds kept, 1 removed; 0 refused, 1 error$'
cd a
exits 2 "inside" -iv . ../b
err_has "the folder itself is a point" '^capfix: \.: 4 files'
err_has "another has its whole name" "^capfix: $(pwd -P | sed 's,/a$,/b,'): 4 files"
