# The wheel in a fresh virtual environment; its tag held against what auditwheel says.
. "$TESTS/venv.inc"
wheel=$(ls "$BUILD"/dist/*.whl)
venv fresh || return 0
check "pip installs it, offline" fresh/bin/python -m pip install -q --no-index --no-deps "$wheel"
check "the program runs there" test "$(fresh/bin/capfix --version)" = "$("$capfix" --version)"
pod a.yaml
"$capfix" -v a.yaml >want 2>want.err
fresh/bin/capfix -v a.yaml >got 2>got.err
same "and does its work" got want
same "its workers are confined as the installed program's are" got.err want.err
check "the manual is there" test -s fresh/share/man/man1/capfix.1
refute "it needs no library but the C library's" grep -Evq 'linux-vdso|libc\.so|ld-linux|libm\.so|libpthread' \
	<(ldd fresh/bin/capfix)
check "pip finds every file as RECORD says" fresh/bin/python -c '
import base64, csv, hashlib, sys, zipfile
wheel = zipfile.ZipFile(sys.argv[1])
record = next(n for n in wheel.namelist() if n.endswith("/RECORD"))
rows = list(csv.reader(wheel.read(record).decode().splitlines()))
assert sorted(r[0] for r in rows) == sorted(wheel.namelist())
for name, digest, size in rows:
    data = wheel.read(name)
    want = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
    assert name == record or (digest, int(size)) == ("sha256=" + want, len(data)), name' "$wheel"
check "the licence of what is linked in is there" sh -c 'python3 -m zipfile -l "$1" | grep LICENSE.libfyaml' - "$wheel"
program=$BUILD/packaging/capfix
check "the same program gives the same bytes" sh -c '
	SOURCE_DATE_EPOCH=1700000000 python3 "$ROOT/packaging/wheel/capfix_build.py" "$1" one &&
	SOURCE_DATE_EPOCH=1700000000 python3 "$ROOT/packaging/wheel/capfix_build.py" "$1" two && diff -r one two' - "$program"
check "pip takes it away again" fresh/bin/python -m pip uninstall -q -y capfix
refute "without a trace" grep -q . <(find fresh -iname '*capfix*')

if venv audit auditwheel; then
	audit/bin/auditwheel show "$wheel" >said 2>&1
	tag=$(basename "$wheel" .whl)
	check "auditwheel gives it the same tag" grep -q "\"${tag##*-}\"" <(tr '\n' ' ' <said)
fi
