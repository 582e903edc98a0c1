#!/usr/bin/python3
"""Did the fix change anything but capabilities? A second opinion, with another parser than capfix's.

usage: compare.py [--kinds TSV] BEFORE AFTER        two files, or two trees with the same files

For each file, whatever its name (what isn't .yaml, .yml or .json, or doesn't parse, must be equal byte for byte):
  meaning    as Kubernetes reads them (aliases followed, merge keys resolved) both hold the same documents, but for
             securityContext.capabilities of containers and a securityContext that is made for it. drop may only get
             ALL, as its last entry, or have an `all` respelled; add may only lose entries, or have one respelled
  writing    every node that was there has its tag, anchor, style, value and column still; pairs keep their order
  lines      every line that came or went speaks of capabilities; where a line holds other things too, these are
             as they were
  comments   the own-line comments are all there, and no new ones
  ends       byte order mark, line ends, final newline are as they were

  --kinds TSV    more kinds: group, kind, path, podspec|list|one, between tabs; without it, Kubernetes' own workloads

Prints `path:line: what: why` for each difference, then totals. Exit status: 0 none, 1 some, 2 trouble.
"""
import argparse
import os
import sys

sys.dont_write_bytecode = True  # leave no __pycache__ in the tree

import manifest
from lines import comment_faults, end_faults, lines_faults
from meaning import Meaning
from writing import Writing


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
    print(f'{seen} files, {changed} changed, {bad} of them with {faults} differences that are none of the rule\'s '
          'business')
    return 1 if faults else 0


if __name__ == '__main__':
    sys.exit(main())
