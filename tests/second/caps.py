"""Lists of capabilities in a graph of nodes."""
import manifest

LISTS = ('drop', 'add')


def name_of(entry):
    """A capability's canonical name."""
    return entry.upper().removeprefix('CAP_')


def key_text(key):
    return key.value if key.kind == 'scalar' else None


def capability_lists(documents, keys=LISTS):
    """The lists that stand under a key of ours, by alias or not: id -> node."""
    found = {}
    for node in manifest.nodes(documents):
        if node.kind == 'map':
            for key, value in node.items:
                if key_text(key) in keys and value.real().kind == 'seq':
                    found[id(value.real())] = value.real()
    return found
