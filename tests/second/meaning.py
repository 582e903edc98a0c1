"""compare.py, meaning: what Kubernetes makes of two documents differs in nothing but the capabilities of containers."""
import manifest
from caps import LISTS, key_text, name_of
from manifest import pairs

RULED = ('containers', 'container', 'security', 'caps', 'list')


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
    """Walks two graphs side by side. A state says where in an object we are; each pair of nodes is seen once in each.

    Where a node that containers are made of is defined by the way, for its anchor's sake alone (`x-base: &base`), it is
    held to what the rule allows in the containers that use it: what stands later is walked first, so uses come before
    definitions. An alias that brings the node to another place is a use of its own, and must not change.
    """

    def __init__(self, table):
        self.table = table
        self.faults = []
        self.seen = set()
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
        version, kind = (manifest.text_of(top.get(key)) for key in ('apiVersion', 'kind'))
        group = version.rpartition('/')[0]
        if not (version and kind):
            group, kind = default or ('', '')
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
