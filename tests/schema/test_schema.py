#!/usr/bin/python3
"""The JSON Schema of the policy says what the parser says: about every policy of the golden cases, and about those in valid/
and invalid/, of which each has one thing in it. The schema is judged by python3-jsonschema, the parser by running capfix.
"""
import copy
import glob
import json
import os
import re
import subprocess
import sys
import tempfile
import unittest

try:
    import jsonschema
    import yaml
except ImportError as missing:
    print(f"ok - skipped, because {missing.name} is missing: sh setup.sh --test installs it")
    sys.exit(0)

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
CAPFIX = os.environ.get("CAPFIX", os.path.join(ROOT, "build/capfix"))
SCHEMA = os.path.join(ROOT, "schema/capfix-policy.schema.json")

# What the parser refuses and a JSON Schema cannot: the file in invalid/, and why.
BEYOND = {
    "allow-twice": "equality of some keys of two entries",
    "allow-twice-patterns-in-other-order": "the same",
    "allow-and-exempt-the-same": "the same, of two lists",
    "exempt-twice": "the same",
    "date-no-leap-year": "arithmetic; the format `date` of the schema can tell, where a validator looks at formats",
    "glob-range-backwards": "order of characters",
    "version-one-point-zero": "1.0 and 1 are the same number",
    "ensure-yes": "YAML 1.1 reads yes as true",
    "owner-like-a-number": "YAML 1.1 parsers differ on what looks like a number; capfix wants quotes for it",
}


class Timestamp:
    """A plain date: no string, but for `expires`."""
    def __init__(self, text):
        self.text = text


class Loader(yaml.SafeLoader):
    """Duplicate keys are errors, merge keys are plain keys, dates stay what they are."""

    def flatten_mapping(self, node):
        pass

    def construct_mapping(self, node, deep=False):
        keys = [self.construct_object(key, deep=True) for key, _ in node.value]
        if len(set(map(str, keys))) != len(keys):
            raise yaml.YAMLError("a key stands there twice")
        found = super().construct_mapping(node, deep=True)
        if isinstance(found.get("expires"), Timestamp):
            found["expires"] = found["expires"].text
        return found


Loader.add_constructor("tag:yaml.org,2002:timestamp", lambda loader, node: Timestamp(node.value))
Loader.add_constructor("tag:yaml.org,2002:merge", lambda loader, node: node.value)
# The default one builds the mapping in a second step, past construct_mapping's result.
Loader.add_constructor("tag:yaml.org,2002:map", lambda loader, node: loader.construct_mapping(node))


def load(text):
    """The policy as data; None if it is not one YAML document."""
    try:
        return yaml.load(text, Loader), True
    except yaml.YAMLError:
        return None, False


def read(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


def name_of(path):
    return os.path.splitext(os.path.basename(path))[0]


def cases(folder):
    return sorted(glob.glob(os.path.join(HERE, folder, "*.yaml")))


class Schema(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.schema = json.loads(read(SCHEMA))
        cls.folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls.folder.cleanup)

    def by_schema(self, text, schema=None):
        data, loaded = load(text)
        return loaded and jsonschema.Draft7Validator(schema or self.schema).is_valid(data)

    def by_parser(self, path):
        done = subprocess.run([CAPFIX, "--check", "-p", path, self.folder.name], capture_output=True, text=True, check=False,
                              env={**os.environ, "CAPFIX_TODAY": "2026-06-01"})
        self.assertIn(done.returncode, (0, 2), done.stderr)
        self.assertEqual(done.returncode == 2, "error: " in done.stderr and "[policy]" in done.stderr, done.stderr)
        return done.returncode == 0

    def test_schema_is_a_schema(self):
        jsonschema.Draft7Validator.check_schema(self.schema)

    def test_golden(self):
        judged = {True: 0, False: 0}
        seen = set()
        for path in sorted(glob.glob(os.path.join(ROOT, "golden/*/*/policy.yaml"))):
            text = read(path)
            if text in seen:
                continue
            seen.add(text)
            with self.subTest(path=os.path.relpath(path, ROOT)):
                valid = self.by_parser(path)
                judged[valid] += 1
                self.assertEqual(self.by_schema(text), valid)
        self.assertGreater(judged[True], 20)

    def test_valid(self):
        self.assertGreater(len(cases("valid")), 10)
        for path in cases("valid"):
            with self.subTest(case=name_of(path)):
                self.assertTrue(self.by_parser(path), "the parser refuses it")
                self.assertTrue(self.by_schema(read(path)), "the schema refuses it")

    def test_invalid(self):
        self.assertGreater(len(cases("invalid")), 40)
        for path in cases("invalid"):
            with self.subTest(case=name_of(path)):
                self.assertFalse(self.by_parser(path), "the parser takes it")
                self.assertEqual(self.by_schema(read(path)), name_of(path) in BEYOND)

    def test_every_exception_is_a_case(self):
        self.assertLessEqual(set(BEYOND), {name_of(path) for path in cases("invalid")})

    def test_capabilities(self):
        """The schema completes the 41 that the program knows, as it spells them."""
        text = read(os.path.join(ROOT, "src/caps.c"))
        names = re.findall(r'^\t"([A-Z_]+)",$', text, re.M)
        self.assertEqual(len(names), 41)
        one, other = self.schema["definitions"]["allow"]["properties"]["capability"]["anyOf"]
        self.assertEqual(one["enum"], names)
        for name in names:
            for spelling in (name, name.lower(), "CAP_" + name, "cap_" + name.title()):
                self.assertRegex(spelling, other["pattern"])

    def test_what_is_made(self):
        """--init-policy makes what the schema takes, once there are reasons."""
        inputs = glob.glob(os.path.join(ROOT, "golden/*/*/in.yaml"))
        done = subprocess.run([CAPFIX, "--init-policy", "--no-policy", *inputs], capture_output=True, check=False)
        made = done.stdout.decode()
        self.assertIn("reason:\n", made)
        self.assertFalse(self.by_schema(made))
        self.assertTrue(self.by_schema(made.replace("reason:\n", "reason: it is needed\n")))

    def test_every_rule_has_a_case(self):
        """Takes each rule of the schema out: an invalid case must slip through then, or one that is valid for the schema."""
        rules = {"required", "additionalProperties", "const", "pattern", "minItems", "minProperties", "uniqueItems", "type"}
        # Each data type is checked by the pattern's neighbour already; const has the type in it.
        texts = [read(path) for path in cases("invalid") if name_of(path) not in BEYOND]

        def walk(node, at):
            if isinstance(node, dict):
                for key, value in node.items():
                    if key in rules and at[-1:] != ["properties"]:
                        yield [*at, key]
                    yield from walk(value, [*at, key])
            elif isinstance(node, list):
                for index, value in enumerate(node):
                    yield from walk(value, [*at, index])

        found = list(walk(self.schema, []))
        self.assertGreater(len(found), 30)
        for at in found:
            if at == ["properties", "version", "type"]:
                continue  # for editors; const says it all
            schema = copy.deepcopy(self.schema)
            inner = schema
            for key in at[:-1]:
                inner = inner[key]
            del inner[at[-1]]
            with self.subTest(rule="/".join(map(str, at))):
                self.assertTrue(any(self.by_schema(text, schema) for text in texts), "no case needs it")


if __name__ == "__main__":
    unittest.main()
