# The library as an installed tree has it: pkg-config, the header, the archive.
# shellcheck disable=SC2046,SC2086 # flags are words of their own
export PKG_CONFIG_SYSROOT_DIR=$STAGE PKG_CONFIG_PATH=$STAGE/usr/lib/pkgconfig
pc() { pkg-config "$@" capfix; }
strict="-Wall -Wextra -Wpedantic -Werror"

version=$("$capfix" --version)
check "pkg-config tells the program's version" test "capfix $(pc --modversion)" = "$version"
printf '#include <capfix.h>\nCAPFIX_VERSION CAPFIX_VERSION_NUMBER\n' >version.c
IFS=. read -r major minor patch <<<"${version#capfix }"
check "so does the header" grep -qx "\"${version#capfix }\" $((major * 10000 + minor * 100 + patch))" \
	<($CC -E -P $(pc --cflags) version.c)
check "the header is C99" $CC -std=c99 $strict -x c -fsyntax-only "$STAGE/usr/include/capfix.h"
if command -v g++ >/dev/null; then
	check "and C++" g++ $strict -x c++ -fsyntax-only "$STAGE/usr/include/capfix.h"
else
	skip "the header in C++" "no g++ here"
fi

check "the example compiles" $CC -std=c99 $strict -o editor $(pc --cflags) "$TESTS/editor.c" $(pc --libs)
for make in pod fine added refused unparsable; do
	$make in.yaml
	"$capfix" --no-policy -i - <in.yaml >want 2>/dev/null || [ $make = refused ] || cp in.yaml want
	./editor <in.yaml >got 2>said
	same "what an editor makes of '$make' is what the command writes" got want
done
check "a text that is not YAML is told with its place" grep -q '^[1-9][0-9]*:[1-9].*\[parse\]$' <(
	unparsable in.yaml && ./editor <in.yaml 2>&1 >/dev/null)

# Names of the engine that could meet a program's own stay inside.
check "the library shows its own names alone" test "$(nm --defined-only --extern-only --format=posix \
	"$STAGE/usr/lib/libcapfix.a" | sed -n 's/ [A-Z] .*//p' | sort | tr '\n' ' ')" = \
	'capfix_result_free capfix_rewrite '
# fy_ is libfyaml; write, _exit and abort are the last words of base.c.
refute "it calls nothing that reaches out of the process" grep -Evx \
	'fy_[a-z_]*|_GLOBAL_OFFSET_TABLE_|__(stack|v?s?n?printf|mem[a-z]*|str[a-z]*)_chk(_fail)?|(v?snprintf|mem[a-z]*|str[a-z]*|__isoc[0-9]*_[a-z]*|malloc|calloc|realloc|free|fnmatch|qsort|bsearch|write|_exit|abort|__errno_location|__ctype_b_loc|__ctype_to[a-z]*_loc)' \
	<(nm --undefined-only --format=posix "$STAGE/usr/lib/libcapfix.a" | sed -n 's/ U .*//p')
check "it fits into a shared library, beside names like its own" $CC -shared -fPIC -o plugin.so $(pc --cflags) \
	"$TESTS/plugin.c" $(pc --libs) -Wl,-z,text -Wl,-z,defs
pod in.yaml
check "and works there" python3 -c '
import ctypes
text = open("in.yaml", "rb").read()
plugin = ctypes.CDLL("./plugin.so")
plugin.plugin_count_edits.argtypes = [ctypes.c_char_p, ctypes.c_size_t]
assert plugin.plugin_count_edits(text, len(text)) == 1'
