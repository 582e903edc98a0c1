"""compare.py, lines, comments and ends: the two texts as a reviewer sees them."""
import collections
import os
import re
import subprocess
import tempfile

import manifest
from caps import LISTS, capability_lists, name_of

LINE = re.compile(r'[^\r\n]*(?:\r\n|\n|\r)|[^\r\n]+')
TOKEN = re.compile(r'\w+|[ \t]+|\r\n|.', re.S)
OURS = frozenset('securityContext capabilities drop add ALL null Null NULL ~ [ ] { } , : - " \''.split())


def diff(old, new):
    """Blocks (i1, i2, j1, j2) in which two lists differ, by GNU diff: exact, and quick on long ones."""
    number = {}
    with tempfile.TemporaryDirectory() as folder:
        names = []
        for side in (old, new):
            names.append(os.path.join(folder, str(len(names))))
            with open(names[-1], 'w', encoding='ascii') as f:
                f.writelines(f'{number.setdefault(x, len(number))}\n' for x in side)
        out = subprocess.run(['diff', '--minimal', *names], capture_output=True, text=True, check=False)
    if out.returncode > 1:
        raise SystemExit(f'diff: {out.stderr}')
    for line in out.stdout.splitlines():
        m = re.fullmatch(r'(\d+)(?:,(\d+))?([acd])(\d+)(?:,(\d+))?', line)
        if m:
            a, b, c, d = int(m[1]), int(m[2] or m[1]), int(m[4]), int(m[5] or m[4])
            yield (a if m[3] == 'a' else a - 1), b, (c if m[3] == 'd' else c - 1), d


def words_of(documents, keys=LISTS):
    """The words of a file's own lists of capabilities: what may go, and its canonical spelling."""
    words = set()
    for node in capability_lists(documents, keys).values():
        for x in node.items:
            if x.real().kind == 'scalar':
                words.update(TOKEN.findall(x.real().value), TOKEN.findall(name_of(x.real().value)))
    return words


def ours(text, words):
    return all(t in words or t.isspace() for t in TOKEN.findall(text))


def split_comment(line):
    """Code and trailing comment of a line (good enough where the code is all ours: none of that holds a #)."""
    at = re.search(r'(?:^|(?<=\s))#', line)
    return (line[:at.start()], line[at.start():].rstrip('\r\n')) if at else (line, '')


def meant(code):
    return [name_of(w) for w in re.findall(r'\w+', code)]


def goes_with_entry(line, come, words, added):
    """A removed entry, or the key of a removed list, takes its trailing comment along. come: the lines that came."""
    code, comment = split_comment(line)
    if not comment or not code.strip() or not ours(code, words) or not set(re.findall(r'\w+', code)) <= added | {'add'}:
        return False
    stays = (split_comment(l) for l in come)
    return not any(comment == c or meant(code) and meant(code) == meant(k) for k, c in stays)


def pair_fault(old, new, words):
    """Two lines that hold other things too: these must be equal, spaces included."""
    a, b = TOKEN.findall(old), TOKEN.findall(new)
    for i1, i2, j1, j2 in diff(a, b):
        gone, come = ''.join(a[i1:i2]), ''.join(b[j1:j2])
        if not ours(gone, words) or not ours(come, words):
            return f'{gone!r} became {come!r}'
        if not (gone + come).strip():
            return 'its spaces changed'
    return None


def lines_of(text):
    """Lines with their ends; a last one without gets the text's own: it needs one where a line is added after it."""
    lines = LINE.findall(text)
    if lines and not lines[-1].endswith(('\r', '\n')):
        lines[-1] += '\r\n' if lines[0].endswith('\r\n') else lines[0][-1] if lines[0].endswith('\r') else '\n'
    return lines


def lines_faults(old, new, documents):
    """(line, what, why) for each line of the difference that is none of the rule's business."""
    words, added = OURS | words_of(documents), words_of(documents, ('add',))
    a, b = lines_of(old), lines_of(new)
    for i1, i2, j1, j2 in diff(a, b):
        come = [(n, l) for n, l in enumerate(b[j1:j2], j1 + 1) if not ours(l, words)]
        gone = [(n, l) for n, l in enumerate(a[i1:i2], i1 + 1)
                if not ours(l, words) and not goes_with_entry(l, b[j1:j2], words, added)]
        for n, l in gone[len(come):]:
            yield n, 'lines', f'went: {l.rstrip()[:200]!r}'
        for n, l in come[len(gone):]:
            yield n, 'lines', f'came: {l.rstrip()[:200]!r}'
        for (_, x), (n, y) in zip(gone, come):
            why = pair_fault(x, y, words)
            if why:
                yield n, 'lines', f'{why}: {y.rstrip()[:200]!r}'
    yield from blank_faults(a, b)


def blank_faults(a, b):
    """Blank lines, which the vocabulary lets pass."""
    x, y = (sum(not l.strip() for l in side) for side in (a, b))
    if x != y:
        yield 0, 'lines', f'blank lines: {x} before, {y} now'


def comments(text, documents):
    """The own-line comments of a text. Lines inside scalars are none."""
    inside_scalars = set()
    for node in manifest.nodes(documents):
        if node.kind == 'scalar' and node.last > node.line:
            inside_scalars.update(range(node.line + 1, node.last + 1))
    # libyaml ends lines at U+0085, U+2028 and U+2029 too.
    all_lines = re.split('\r\n|[\n\r\u0085\u2028\u2029]', text)
    return collections.Counter(l for n, l in enumerate(all_lines)
                               if l.lstrip(' \t').startswith('#') and n not in inside_scalars)


def comment_faults(old, new, olddocs, newdocs):
    a, b = comments(old, olddocs), comments(new, newdocs)
    for l in a - b:
        yield 0, 'comments', f'lost, or changed: {l.strip()!r}'
    for l in b - a:
        yield 0, 'comments', f'came: {l.strip()!r}'


def end_faults(old, new):
    kinds = [collections.Counter(re.findall('\r\n|\n|\r', t)) for t in (old, new)]
    for end in kinds[1].keys() - kinds[0].keys():
        if kinds[0]:
            yield 0, 'ends', f'line end {end!r} came in'
    for end in kinds[0].keys() - kinds[1].keys():
        yield 0, 'ends', f'line end {end!r} is no more'
    if len(kinds[0]) > 1 and sum((kinds[0] - kinds[1]).values()) > len(LINE.findall(old)) // 2:
        yield 0, 'ends', 'most line ends changed'
    if old.endswith(('\r', '\n')) != new.endswith(('\r', '\n')):
        yield 0, 'ends', 'the final newline came or went'
