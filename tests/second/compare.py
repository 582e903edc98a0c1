#!/usr/bin/python3
"""Did the fix change anything but capabilities? A second opinion, with another parser than capfix's.

usage: compare.py [--kinds TSV] BEFORE AFTER        two files, or two trees with the same files

For each file, whatever its name (what isn't .yaml, .yml or .json, or doesn't parse, must be equal byte for byte):
  meaning    as Kubernetes reads them (aliases followed, merge keys resolved) both hold the same documents, but for
             securityContext.capabilities of containers and a securityContext that is made for it. drop may only get ALL, as its last
             entry, or have an `all` respelled; add may only lose entries, or have one respelled
  writing    every node that was there has its tag, anchor, style, value and column still; pairs keep their order
  lines      every line that came or went speaks of capabilities; where a line holds other things too, they are as they were
  comments   the own-line comments are all there, and no new ones
  ends       byte order mark, line ends, final newline are as they were

  --kinds TSV    more kinds: group, kind, path, podspec|list|one, between tabs; without it, Kubernetes' own workloads

Prints `path:line: what: why` for each difference, then totals. Exit status: 0 none, 1 some, 2 trouble.
"""
import argparse
import collections
import os
import re
import subprocess
import sys
import tempfile

import manifest
from manifest import pairs

LINE = re.compile(r'[^\r\n]*(?:\r\n|\n|\r)|[^\r\n]+')
TOKEN = re.compile(r'\w+|[ \t]+|\r\n|.', re.S)
OURS = frozenset('securityContext capabilities drop add ALL null Null NULL ~ [ ] { } , : - " \''.split())
LISTS = ('drop', 'add')
RULED = ('containers', 'container', 'security', 'caps', 'list')


def name_of(entry):
    """A capability's canonical name."""
    return entry.upper().removeprefix('CAP_')


# --- meaning ---------------------------------------------------------------------------------------------------------


def entries(node):
    """The strings of a list of capabilities; () for none, None for anything else."""
    if node is None or node.is_empty():
        return ()
    if node.kind != 'seq' or any(x.real().kind != 'scalar' for x in node.items):
        return None
    return tuple(x.real().value for x in node.items)


def drop_fault(old, new):
    if old == new or new == (*old, 'ALL') and not any(x.upper() == 'ALL' for x in old):
        return None
    if len(old) == len(new) and all(a == b or (a.upper(), b) == ('ALL', 'ALL') for a, b in zip(old, new)):
        return None
    return f'drop was {list(old)}, is {list(new)}'


def add_fault(old, new):
    """new must be what is left of old, each entry as it was or in its canonical spelling."""
    rest = iter(old)
    if all(any(y in (x, name_of(x)) for x in rest) for y in new):
        return None
    return f'add was {list(old)}, is {list(new)}'


class Meaning:
    """Walks two graphs side by side. A state says where in an object we are; each pair of nodes is seen once in each state.

    Twice: the first time to learn which nodes containers are made of. Where such a node is defined by the way, for its anchor's sake
    alone (`x-base: &base`), the second time it is held to what the rule allows in the containers that use it. An alias that brings
    it to another place is a use of its own, and must not change.
    """

    def __init__(self, table):
        self.table = table
        self.faults = []
        self.todo = []
        self.used = {}  # id of a node before -> the state in which containers use it

    def fault(self, node, why):
        self.faults.append((node.line + 1, 'meaning', why))

    def push(self, old, new, state):
        key = (id(old), id(new), state)
        if key not in self.seen:
            self.seen.add(key)
            self.todo.append((old, new, state))

    def compare(self, old, new):
        for _ in range(2):
            self.faults = []
            self.seen = set()
            self.push(old, new, 'object')
            self.walk()

    def state_of(self, old, state):
        if state in RULED:
            self.used[id(old.real())] = state
        elif state == () and old.kind == 'alias':
            return 'strict'
        elif state == () and old.anchor:
            return self.used.get(id(old), state)
        return state

    def walk(self):
        while self.todo:
            old, new, state = self.todo.pop()
            state = self.state_of(old, state)
            old, new = old.real(), new.real()
            if state in RULED:
                self.bases(old, state)
            if state == 'list':
                self.capabilities(new, None, old, new)
                continue
            if (old.kind, old.tag) != (new.kind, new.tag):
                self.fault(new, f'{old.kind} {old.tag} became {new.kind} {new.tag}')
            elif old.kind == 'scalar':
                if old.value != new.value:
                    self.fault(new, f'{old.value!r} became {new.value!r}')
            elif old.kind == 'seq':
                self.seq(old, new, state)
            else:
                self.map(old, new, state)

    def bases(self, node, state):
        """The mappings that are merged into one that containers use."""
        for key, value in node.items if node.kind == 'map' else []:
            if key.tag == manifest.MERGE:
                value = value.real()
                for base in value.items if value.kind == 'seq' else [value]:
                    self.used[id(base.real())] = state

    def seq(self, old, new, state):
        if len(old.items) != len(new.items):
            self.fault(new, f'a list had {len(old.items)} items, has {len(new.items)}')
        for a, b in zip(old.items, new.items):
            self.push(a, b, inside(state, '[]'))

    def map(self, old, new, state):
        if state == 'object' or state[:1] == ('item',):
            state = self.object_state(old, state)
        a, b = pairs(old), pairs(new)
        self.odd_keys(old, new)
        own = {key_text(key): value.kind for key, value in old.items}
        for key in dict.fromkeys((*a, *b)):
            self.pair(new, key, a.get(key), b.get(key), state, own.get(key, 'alias') == 'alias')

    def odd_keys(self, old, new):
        """Keys that are no scalars have no place in `pairs`."""
        odd = [[(k.real(), v) for k, v in n.items if k.real().kind != 'scalar'] for n in (old, new)]
        if len(odd[0]) != len(odd[1]):
            self.fault(new, 'keys that are collections came or went')
        for (k, v), (l, w) in zip(*odd):
            self.push(k, l, ())
            self.push(v, w, ())

    def object_state(self, node, state):
        """The paths to containers that start here, or a list of objects."""
        default = state[1] if isinstance(state, tuple) else None
        top = pairs(node)
        group = manifest.text_of(top.get('apiVersion')).rpartition('/')[0]
        kind = manifest.text_of(top.get('kind'))
        if not kind and default:
            group, kind = default
        if kind == 'List' and group == '':
            return ('items', None)
        item = (group, kind.removesuffix('List'))
        if kind.endswith('List') and item in self.table:
            return ('items', item)
        return ('paths', tuple(self.table.get((group, kind), ())))

    def pair(self, place, key, old, new, state, borrowed):
        """borrowed: the value stands elsewhere, and is here by an alias or a merge."""
        if state == 'container' and key == 'securityContext':
            self.made(place, key, old, new, 'security')
        elif state == 'security' and key == 'capabilities':
            self.made(place, key, old, new, 'caps')
        elif state == 'caps' and key in LISTS:
            self.capabilities(place, key, old, new)
        elif old is None or new is None:
            self.fault(place, f'{key} {"came" if old is None else "went"}')
        else:
            self.push(old, new, inside(state, key) or (borrowed and 'strict') or ())

    def made(self, place, key, old, new, state):
        """A mapping on the way to the lists, which may be made from nothing."""
        if new is None:
            if old is not None:
                self.fault(place, f'{key} went')
        elif old is None or old.is_empty() and old.kind != 'seq' and not (new.is_empty() and old.kind == new.kind):
            fresh = pairs(new)
            if state == 'security':
                if set(fresh) != {'capabilities'}:
                    self.fault(place, f'a new {key} holds {", ".join(fresh) or "nothing"}')
                    return
                fresh = pairs(fresh['capabilities'])
            if set(fresh) != {'drop'} or entries(fresh['drop']) != ('ALL',):
                self.fault(place, f'new capabilities are not drop: [ALL] but {", ".join(fresh) or "nothing"}')
        else:
            self.push(old, new, state)

    def capabilities(self, place, key, old, new):
        """key is None for a list that is defined for its anchor's sake: then it may be either."""
        a, b = entries(old), entries(new)
        if old is not None:
            self.used[id(old)] = 'list'
        if key is None and a is not None and b is not None:
            if drop_fault(a, b) and add_fault(a, b):
                self.fault(place, drop_fault(a, b))
            return
        if a is None or b is None:
            if old is None or new is None:
                self.fault(place, f'{key} came or went')
            else:
                self.push(old, new, ())
            return
        why = (drop_fault if key == 'drop' else add_fault)(a, b)
        if key == 'add' and old is None and new is not None:
            why = 'add came'
        elif key == 'drop' and old is not None and new is None:
            why = 'drop went'
        elif key == 'add' and not a and old is not None and (new is None or old.kind != new.kind):
            why = 'an empty add was touched'
        elif key == 'add' and a and not b and new is not None:
            why = 'add lost its last entry, but stayed'
        if why:
            self.fault(place, why)


def inside(state, step):
    """The state of what stands under `step` (a key, or [] for an item) of a place in this state."""
    if state == 'strict':
        return state
    if state == 'containers':
        return 'container' if step == '[]' else ()
    if not isinstance(state, tuple) or not state:
        return ()
    if state[0] == 'items':
        return ('item-list', state[1]) if step == 'items' else ()
    if state[0] == 'item-list':
        return ('item', state[1]) if step == '[]' else ()
    if state[0] != 'paths':
        return ()
    left = []
    for path, what in state[1]:
        if not path:
            if what == 'podspec' and step in manifest.CONTAINERS:
                return 'containers'
        elif path[0] == step or path[0] == '{}' and step != '[]':
            left.append((path[1:], what))
    for path, what in left:
        if not path and what in ('one', 'list'):
            return {'one': 'container', 'list': 'containers'}[what]
    return ('paths', tuple(left)) if left else ()


# --- writing ---------------------------------------------------------------------------------------------------------


def key_text(key):
    return key.value if key.kind == 'scalar' else None


class Writing:
    """Walks two trees side by side, aliases unfollowed. Blind to where containers are: that is Meaning's business."""

    def __init__(self, document):
        self.faults = []
        self.lists = capability_lists([document])

    def fault(self, node, why):
        self.faults.append((node.line + 1, 'writing', why))

    def compare(self, old, new):
        """loose: in a flow collection, where text before a node may have changed, so that its column says nothing."""
        todo = [(old, new, False, False)]
        while todo:
            old, new, loose, entry = todo.pop()
            self.same(old, new, loose, entry)
            loose = loose or old.style == 'flow'
            if old.kind == new.kind == 'map':
                todo += self.map(old, new, loose)
            elif old.kind == new.kind == 'seq':
                todo += self.seq(old, new, loose)

    def same(self, old, new, loose, entry):
        for what in ('kind', 'given', 'anchor', 'style'):
            if getattr(old, what) != getattr(new, what):
                self.fault(new, f'{what} was {getattr(old, what)}, is {getattr(new, what)}')
        if old.kind == new.kind == 'scalar' and old.value != new.value:
            if not (entry and name_of(old.value) == new.value):
                self.fault(new, f'{old.value!r} became {new.value!r}')
        if old.col != new.col and not loose:
            self.fault(new, f'column was {old.col + 1}, is {new.col + 1}')

    def map(self, old, new, loose):
        """Old pairs must be there in their order; of ours, some may come, and a list `add` may go."""
        rest = list(reversed(new.items))
        there = {key_text(key) for key, _ in new.items}
        for key, value in old.items:
            if key_text(key) == 'add' and 'add' not in there and value.real().kind == 'seq':
                continue
            while rest and not match(key, rest[-1][0]) and key_text(rest[-1][0]) in MADE:
                self.came(*rest.pop())
            if not rest or not match(key, rest[-1][0]):
                self.fault(new, f'the pair {key_text(key)} went, or moved')
                continue
            newkey, newvalue = rest.pop()
            yield key, newkey, loose, False
            if key_text(key) not in MADE or not value.is_empty() or newvalue.is_empty():
                yield value, newvalue, loose, False
            elif (value.anchor, value.given) != (newvalue.anchor, newvalue.given):
                self.fault(newvalue, 'an anchor or tag of an empty value was lost')
        for pair in reversed(rest):
            self.came(*pair)

    def came(self, key, value):
        if key_text(key) not in MADE:
            self.fault(key, f'the pair {key_text(key)} came')
        if key.anchor or value.anchor or value.kind == 'alias':
            self.fault(key, f'the new {key_text(key)} has an anchor or alias')

    def seq(self, old, new, loose):
        if id(old) not in self.lists:
            if len(old.items) != len(new.items):
                self.fault(new, f'a list had {len(old.items)} items, has {len(new.items)}')
            yield from ((a, b, loose, False) for a, b in zip(old.items, new.items))
            return
        rest = iter(old.items)
        for item in new.items:
            was = next((x for x in rest if same_entry(x, item)), None)
            if was is not None:
                yield was, item, loose, True


MADE = ('securityContext', 'capabilities', 'drop')


def match(old, new):
    return old.kind == new.kind and (old.kind != 'scalar' or old.value == new.value)


def same_entry(old, new):
    if old.kind == new.kind == 'scalar':
        return new.value in (old.value, name_of(old.value))
    return old.kind == new.kind and old.anchor == new.anchor


def capability_lists(documents, keys=LISTS):
    """The lists that stand under a key of ours, by alias or not: id -> node."""
    found = {}
    for node in manifest.nodes(documents):
        if node.kind == 'map':
            for key, value in node.items:
                if key_text(key) in keys and value.real().kind == 'seq':
                    found[id(value.real())] = value.real()
    return found


# --- lines -----------------------------------------------------------------------------------------------------------


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
    """A removed entry, or the key of a removed list, takes its trailing comment along. come: the lines that came there."""
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
        if i1 == 0 and j1 == 0 or not (gone + come).strip():
            return 'its spaces changed'
    return None


def lines_of(text):
    """Lines with their ends; a last one without gets the text's own, for it needs one where a line is added after it."""
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
    return collections.Counter(l for n, l in enumerate(all_lines) if l.lstrip(' \t').startswith('#') and n not in inside_scalars)


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
    if re.search('[\r\n]$', old) and not re.search('[\r\n]$', new) or re.search('[\r\n]$', new) and not re.search('[\r\n]$', old):
        yield 0, 'ends', 'the final newline came or went'


# --- files -----------------------------------------------------------------------------------------------------------


def compare_texts(old, new, olddocs, newdocs, table):
    if len(olddocs) != len(newdocs):
        yield 0, 'meaning', f'{len(olddocs)} documents became {len(newdocs)}'
    for a, b in zip(olddocs, newdocs):
        if (a.explicit, a.directives, a.closed) != (b.explicit, b.directives, b.closed):
            yield b.line + 1, 'writing', 'document marks or directives changed'
        for judge in (Meaning(table), Writing(a)):
            judge.compare(a.root, b.root)
            yield from judge.faults
    yield from lines_faults(old, new, olddocs)
    yield from comment_faults(old, new, olddocs, newdocs)
    yield from end_faults(old, new)


def compare_bytes(old, new, table):
    """All differences between two files that are not equal: (line or 0, what, why)."""
    try:
        oldbom, oldtext = manifest.decode(old)
        olddocs = manifest.documents_of(oldtext)
    except manifest.Unparsable as e:
        yield 0, 'touched', f'did not parse ({e}), and was changed'
        return
    try:
        newbom, newtext = manifest.decode(new)
        newdocs = manifest.documents_of(newtext)
    except manifest.Unparsable as e:
        yield 0, 'broken', f'does not parse any more: {e}'
        return
    if oldbom != newbom:
        yield 0, 'ends', 'the byte order mark came or went'
    yield from compare_texts(oldtext, newtext, olddocs, newdocs, table)


def files(root):
    if os.path.isdir(root):
        return {below: path for path, below in manifest.walk([root], every=True)}
    return {'': path for path, _ in manifest.walk([root], every=True)}


def main():
    parser = argparse.ArgumentParser(usage=__doc__.split('\n')[2].removeprefix('usage: '))
    parser.add_argument('--kinds')
    parser.add_argument('before')
    parser.add_argument('after')
    args = parser.parse_args()
    table = manifest.core_kinds()
    if args.kinds:
        manifest.read_kinds(args.kinds, table)
    before, after = files(args.before), files(args.after)
    seen = changed = bad = faults = 0
    for below in sorted(before.keys() | after.keys()):
        path = after.get(below, before.get(below))
        seen += 1
        if below not in before or below not in after:
            found = [(0, 'files', 'came' if below in after else 'went')]
        else:
            old, new = manifest.read(before[below]), manifest.read(after[below])
            if old == new:
                continue
            changed += 1
            if path.lower().endswith(manifest.EXTENSIONS):
                found = list(compare_bytes(old, new, table))
            else:
                found = [(0, 'touched', 'is no manifest, and was changed')]
        for line, what, why in found:
            print(f'{path}:{line}: {what}: {why}')
        bad += bool(found)
        faults += len(found)
    print(f'{seen} files, {changed} changed, {bad} of them with {faults} differences that are none of the rule\'s business')
    return 1 if faults else 0


if __name__ == '__main__':
    sys.exit(main())
