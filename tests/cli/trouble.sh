# Trouble: exit 2, a message with its place, nothing written, and all others done.
mkdir d && pod d/a.yaml && pod d/z.yaml
unparsable d/m.yaml
printf 'a: \0b' >d/nul.yaml
printf 'kind: Pod\nname: \377\n' >d/utf8.yaml
printf '\377\376a\0:\0 \0b\0\n\0' >d/utf16le.yaml
printf '\376\377\0a\0:\0 \0b\0\n' >d/utf16be.yaml
printf '\377\376\0\0a\0\0\0' >d/utf32.yaml
cp -r d orig
exits 2 "bad files among good ones" -d d
check "the good ones are done" test "$(grep -c '^--- a/' "$out")" -eq 2
err_has "YAML that does not parse has a place" '^d/m\.yaml:[0-9]+:[0-9]+: error: .* \[parse\]$'
err_has "a NUL has a place" '^d/nul\.yaml:1:4: error: .* \[parse\]$'
err_has "bytes that are not UTF-8 have a place" '^d/utf8\.yaml:2:7: error: .* \[parse\]$'
for f in utf16le utf16be utf32; do err_has "$f is named" "^d/$f\\.yaml(:1:1)?: error: .*UTF-(16|32).* \\[parse\\]\$"; done
check "one line each" test "$(grep -c error "$err")" -eq 6
exits 2 "in place" -i d
for f in m nul utf8 utf16le utf16be utf32; do same "$f is as it was" d/$f.yaml orig/$f.yaml; done
for f in a z; do check "$f is done" grep -q -- '- ALL' d/$f.yaml; done
printf 'a: \0b' | "$capfix" -i - >"$out" 2>"$err"
check "a NUL in standard input" test $? -eq 2
out_empty "writes nothing"

mkdir other && printf 'a: [\n' >other/a.yaml
exits 0 "what is no YAML, found, without containers" other
err_empty "is nobody's business"
exits 2 "the same, named" other/a.yaml
err_has "is trouble" '^other/a\.yaml:[0-9]+:[0-9]+: error: .* \[parse\]$'

pod ok.yaml
exits 2 "a name that is not there" -l nothere.yaml ok.yaml
err_is "is said" 'nothere.yaml: error: cannot read: No such file or directory [io]\n'
out_is "the other is done" 'ok.yaml\n'
exits 2 "a file as a folder" -l ok.yaml/
err_has "is said, too" 'Not a directory'
truncate -s 1025M big.yaml
exits 2 "a file of more than a GiB" -l big.yaml ok.yaml
err_has "is refused" '^big\.yaml: error: larger than 1024 MiB'
out_is "before it is read" 'ok.yaml\n'
rm big.yaml
if can_be_user; then
	mkdir -p p/shut p/open && pod p/shut/a.yaml && pod p/open/b.yaml && pod p/c.yaml && pod p/d.yaml
	chmod 000 p/shut p/c.yaml
	[ "$(id -u)" -ne 0 ] || chown 65534 p p/shut p/c.yaml
	as_user "$capfix" -l p >"$out" 2>"$err"
	check "what may not be read is trouble" test $? -eq 2
	err_is "with its name" 'p/c.yaml: error: cannot read: Permission denied [io]\np/shut: error: cannot read: Permission denied [io]\n'
	out_is "the rest is done" 'p/d.yaml\np/open/b.yaml\n'
	chmod 755 p/shut p/c.yaml
fi
