"""compare.py, writing: every node that was there is still written as it was."""
from caps import capability_lists, key_text, name_of

MADE = ('securityContext', 'capabilities', 'drop')


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


def match(old, new):
    return old.kind == new.kind and (old.kind != 'scalar' or old.value == new.value)


def same_entry(old, new):
    if old.kind == new.kind == 'scalar':
        return new.value in (old.value, name_of(old.value))
    return old.kind == new.kind and old.anchor == new.anchor
