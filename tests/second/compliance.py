#!/usr/bin/python3
"""Does every container drop ALL, and add nothing back? A second opinion, with another parser than capfix's.

usage: compliance.py [--allow NAME]... [--kinds TSV] [--tsv] PATH...

Looks at the .yaml, .yml and .json files below each PATH, as Kubernetes would read them: aliases followed, merge keys
resolved. Prints a line for each container that breaks the rule: `path:line: Kind/name container: why`, and totals. Set
apart, not judged: Helm templates, Windows pods, files that don't parse. Overlays (a container without image) need no
drop, but a drop that is there must hold ALL, and no overlay may add.

  --allow NAME   a capability that may be added (exactly this spelling)
  --kinds TSV    more kinds: group, kind, path, podspec|list|one, between tabs; without it, Kubernetes' own workloads
  --tsv          tabs: what, path, line, kind, name, container, why; totals as `total`, name, number

Exit status: 0 all comply, 1 some don't, 2 trouble.
"""
import argparse
import sys

sys.dont_write_bytecode = True  # leave no __pycache__ in the tree

import manifest
from manifest import pairs, text_of

TOTALS = ('files', 'documents', 'containers', 'complying', 'breaking', 'overlays', 'overlays_breaking', 'windows',
          'templates', 'templates_breaking', 'unparsable')


def listed(caps, key, faults):
    """The entries of a list of capabilities, as strings; None if there is no such list."""
    node = caps.get(key)
    if node is None or node.is_null():
        return None
    if node.kind != 'seq':
        faults.append(f'{key} is no list')
        return None
    entries = [x.real() for x in node.items]
    if any(x.kind != 'scalar' or x.tag != manifest.STR for x in entries):
        faults.append(f'{key} holds something that is no string')
    return [x.value for x in entries if x.kind == 'scalar' and x.tag == manifest.STR]


def submap(parent, key, faults):
    node = parent.get(key)
    if node is None or node.is_null():
        return {}
    if node.kind != 'map':
        faults.append(f'{key} is no mapping')
    return pairs(node)


def judge(container, allowed, overlay):
    """Why the container breaks the rule: a list, empty if it does not."""
    if container.kind != 'map':
        return ['is no mapping']
    own, faults = pairs(container), []
    if overlay and text_of(own.get('$patch')) == 'delete':
        return []
    caps = submap(submap(own, 'securityContext', faults), 'capabilities', faults)
    drop, add = listed(caps, 'drop', faults), listed(caps, 'add', faults)
    if 'ALL' not in (drop or []) and (drop or not overlay):
        faults.append(f'drop lacks ALL: {drop}' if drop else 'nothing is dropped')
    wrong = [x for x in add or [] if x not in allowed]
    if wrong:
        faults.append('adds ' + ', '.join(wrong))
    return faults


class Judge:
    def __init__(self, args):
        self.args = args
        self.allowed = set(args.allow)
        self.table = manifest.read_kinds(args.kinds, manifest.core_kinds()) if args.kinds else manifest.core_kinds()
        self.total = dict.fromkeys(TOTALS, 0)

    def say(self, what, path, line, kind='', name='', container='', why=''):
        if self.args.tsv:
            fields = (what, path, line, kind, name, container, why)
            print('\t'.join(str(x).replace('\t', ' ').replace('\n', ' ') for x in fields))
        elif what in ('breaking', 'overlay'):
            print(f'{path}:{line}: {kind}/{name} {container}: {why}')
        elif what == 'unparsable':
            print(f'{path}: unparsable: {why}', file=sys.stderr)

    def container(self, path, node, spec, kind, name):
        """Counts one container; true if it breaks the rule."""
        if manifest.is_windows(spec):
            self.total['windows'] += 1
            return False
        own = pairs(node)
        overlay = node.kind == 'map' and 'image' not in own
        faults = judge(node, self.allowed, overlay)
        self.total['overlays' if overlay else 'containers'] += 1
        if not overlay:
            self.total['breaking' if faults else 'complying'] += 1
        elif faults:
            self.total['overlays_breaking'] += 1
        if faults:
            what, more = ('overlay', ' (overlay)') if overlay else ('breaking', '')
            self.say(what, path, node.line + 1, kind, name, text_of(own.get('name')) or '-', '; '.join(faults) + more)
        return bool(faults)

    def template(self, path, documents):
        """A template: counted, and whether it would break the rule if it weren't one."""
        self.total['templates'] += 1
        broken = False
        for document in documents or []:
            for node, group, kind in manifest.objects(document.root, self.table) if document.root else []:
                for container, spec in manifest.containers(node, group, kind, self.table):
                    overlay = 'image' not in pairs(container)
                    broken |= not manifest.is_windows(spec) and bool(judge(container, self.allowed, overlay))
        self.total['templates_breaking'] += broken
        self.say('template', path, 0, why='breaks' if broken else '')

    def file(self, path):
        self.total['files'] += 1
        text, documents, why = '', None, ''
        try:
            text = manifest.decode(manifest.read(path))[1]
            documents = manifest.documents_of(text)
        except (manifest.Unparsable, OSError) as e:
            why = str(e)
        if manifest.in_chart(path) or manifest.is_template(text, documents):
            self.template(path, documents)
            return
        if documents is None:
            self.total['unparsable'] += 1
            self.say('unparsable', path, 0, why=why)
            return
        self.total['documents'] += len(documents)
        for document in documents:
            for node, group, kind in manifest.objects(document.root, self.table) if document.root else []:
                name = text_of(pairs(pairs(node)['metadata']).get('name')) if 'metadata' in pairs(node) else ''
                for container, spec in manifest.containers(node, group, kind, self.table):
                    self.container(path, container, spec, kind, name or '-')


def main():
    parser = argparse.ArgumentParser(usage=__doc__.split('\n')[2].removeprefix('usage: '))
    parser.add_argument('--allow', action='append', default=[])
    parser.add_argument('--kinds')
    parser.add_argument('--tsv', action='store_true')
    parser.add_argument('paths', nargs='+')
    args = parser.parse_args()
    judge_all = Judge(args)
    for path, _ in manifest.walk(args.paths):
        judge_all.file(path)
    for name, number in judge_all.total.items():
        print(f'total\t{name}\t{number}' if args.tsv else f'{number:8} {name.replace("_", " ")}')
    return 1 if judge_all.total['breaking'] or judge_all.total['overlays_breaking'] else 0


if __name__ == '__main__':
    sys.exit(main())
