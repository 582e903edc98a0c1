#!/usr/bin/python3
"""Checks a report of capfix with the validators of its format, and that its edits are those of --in-place.

check.py json REPORT [BEFORE AFTER]      check.py sarif REPORT [BEFORE AFTER]      check.py html REPORT

BEFORE and AFTER are folders with the files as the report saw them, and as --in-place leaves them. Says what is wrong, one thing a
line, and exits with 1; or says nothing.
"""
import base64
import copy
import hashlib
import html.parser
import json
import pathlib
import re
import sys
import urllib.parse

try:
    import jsonschema
except ImportError:  # HTML does without
    jsonschema = None

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]


def strict(schema):
    """The schema with no fields but those that it names: so a field that was forgotten in it is seen."""
    schema = copy.deepcopy(schema)
    for part in schema["$defs"].values():
        if "properties" in part:
            part["additionalProperties"] = False
    return schema


def complaints_of(validator, value, where):
    for error in validator.iter_errors(value):
        deepest = jsonschema.exceptions.best_match([error])
        yield f"{where}: {'/'.join(map(str, deepest.absolute_path))}: {deepest.message[:300]}"


def offset_of(text, line, col):
    """Byte offset of a place in UTF-8 text. Lines end as in YAML; a byte order mark is no column."""
    starts, i = [3 if text.startswith(b"\xef\xbb\xbf") else 0], 0
    while i < len(text):
        if text[i:i + 2] == b"\r\n":
            i += 1
            starts.append(i + 1)
        elif text[i:i + 1] in (b"\n", b"\r"):
            starts.append(i + 1)
        i += 1
    start = starts[line - 1]
    return start + len(text[start:].decode()[:col - 1].encode())


def apply(text, edits):
    """edits: (offset, length, bytes), from the end so that offsets stay right."""
    for at, length, new in sorted(edits, reverse=True):
        text = text[:at] + new + text[at + length:]
    return text


def check_text(path, before, after, edits):
    """edits: (offset, length, text, start, end), places as (line, col)."""
    old = before.read_bytes()
    for offset, length, _, start, end in edits:
        if offset_of(old, *start) != offset or offset_of(old, *end) != offset + length:
            yield f"{path}: the edit at byte {offset} is not at {start} to {end}"
    if apply(old, [(e[0], e[1], e[2].encode()) for e in edits]) != after.read_bytes():
        yield f"{path}: the edits do not give what --in-place gives"


def file_name(line):
    if "path_percent" in line:
        return urllib.parse.unquote_to_bytes(line["path_percent"]).decode(errors="surrogateescape")
    return line["path"]


def check_order(lines):
    types = [line["type"] for line in lines]
    if types[:1] != ["header"] or types[-1:] != ["summary"] or set(types[1:-1]) - {"finding", "file"}:
        yield "the lines are not a header, findings and files, and a summary"
    files = [file_name(line).encode(errors="surrogateescape") for line in lines if line["type"] == "file"]
    if files != sorted(files) or len(files) != len(set(files)):
        yield "the files are not in the order of their paths"
    prints = [line["fingerprint"] for line in lines if line["type"] == "finding"]
    if len(prints) != len(set(prints)):
        yield "two findings have one fingerprint"


def check_json(report, before, after):
    schema = json.loads((ROOT / "schema/capfix-report.schema.json").read_text())
    jsonschema.Draft202012Validator.check_schema(schema)
    validators = [jsonschema.Draft202012Validator(s) for s in (schema, strict(schema))]
    raw = report.read_bytes()
    if not raw.isascii():
        yield "not ASCII"
    lines = [json.loads(line) for line in raw.decode("ascii").splitlines()]
    for number, line in enumerate(lines, 1):
        for validator in validators:
            yield from complaints_of(validator, line, f"line {number} ({line.get('type')})")
    yield from check_order(lines)
    for line in lines:
        if before and line["type"] == "file":
            edits = [(e["offset"], e["length"], e["text"], (e["start"]["line"], e["start"]["col"]),
                      (e["end"]["line"], e["end"]["col"])) for e in line["edits"]]
            yield from check_text(line["path"], before / file_name(line), after / file_name(line), edits)


def fixes_of(results):
    """All replacements by URI, each once: (offset, length, text, start, end)."""
    found = {}
    for result in results:
        for fix in result.get("fixes", []):
            for change in fix["artifactChanges"]:
                edits = found.setdefault(change["artifactLocation"]["uri"], set())
                for one in change["replacements"]:
                    r = one["deletedRegion"]
                    edits.add((r["byteOffset"], r["byteLength"], one.get("insertedContent", {}).get("text", ""),
                               (r["startLine"], r["startColumn"]), (r["endLine"], r["endColumn"])))
    return found


def check_sarif(report, before, after):
    schema = json.loads((HERE / "sarif-schema-2.1.0.json").read_text())
    log = json.loads(report.read_bytes().decode("ascii"))
    yield from complaints_of(jsonschema.Draft4Validator(schema), log, "SARIF")
    run = log["runs"][0]
    rules = run["tool"]["driver"]["rules"]
    prints = []
    for result in run["results"]:
        if rules[result["ruleIndex"]]["id"] != result["ruleId"]:
            yield f"ruleIndex {result['ruleIndex']} is not {result['ruleId']}"
        prints.append(result["partialFingerprints"]["capfix/v1"])
        for location in result["locations"]:
            uri = location["physicalLocation"]["artifactLocation"]["uri"]
            if not uri.isascii() or any(c in uri for c in " <>\"{}|\\^`\n"):
                yield f"not a URI: {uri!r}"
    if len(prints) != len(set(prints)):
        yield "two results have one fingerprint"
    for uri, edits in fixes_of(run["results"]).items():
        name = urllib.parse.unquote_to_bytes(uri).decode(errors="surrogateescape")
        if before:
            yield from check_text(uri, before / name, after / name, edits)


class Page(html.parser.HTMLParser):
    """What stands in a page: complaints about what could run or load something, and all that is text."""
    TAGS = set("html head meta title style body h1 h2 p nav a ul li b div table colgroup col thead tbody tr th td svg rect "
               "details summary small input select option button span script".split())
    EMPTY = {"meta", "input", "col", "rect"}

    def __init__(self):
        super().__init__()
        self.complaints, self.open, self.scripts, self.policy, self.ids = [], [], [], "", []

    def handle_starttag(self, tag, attrs):
        if tag not in self.TAGS:
            self.complaints.append(f"a tag <{tag}>")
        for name, value in attrs:
            if name.startswith("on") or name in ("src", "srcset", "style", "action", "formaction"):
                self.complaints.append(f"an attribute {name} of <{tag}>")
            if name == "href" and not value.startswith("#"):
                self.complaints.append(f"a link to {value}")
            if name == "content" and "script-src" in value:
                self.policy = value
            if name == "id":
                self.ids.append(value)
        if tag not in self.EMPTY:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        if tag not in self.EMPTY:
            self.open.pop()

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.complaints.append(f"</{tag}> closes something else")

    def handle_data(self, data):
        if self.open and self.open[-1] == "script":
            self.scripts.append(data)


def check_html(report, _before, _after):
    text = report.read_bytes().decode("utf-8")
    page = Page()
    page.feed(text)
    page.close()
    yield from page.complaints
    if page.open:
        yield f"left open: {page.open}"
    if len(page.scripts) != 1 or text.count("<script") != 1:
        yield f"{len(page.scripts)} scripts"
    for script in page.scripts:
        digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
        if f"script-src 'sha256-{digest}'" not in page.policy:
            yield f"the script is not the one that the policy for contents names: sha256-{digest}"
    if "default-src 'none'" not in page.policy:
        yield "the page may load something"
    if len(page.ids) != len(set(page.ids)):
        yield "an id stands twice"
    if re.search(r"[\x00-\x08\x0b-\x1f\x7f\u202e]", text):
        yield "a control character"


def main(kind, report, before=None, after=None):
    check = {"json": check_json, "sarif": check_sarif, "html": check_html}[kind]
    folders = (pathlib.Path(before), pathlib.Path(after)) if before else (None, None)
    complaints = list(check(pathlib.Path(report), *folders))
    for complaint in complaints[:20]:
        print(complaint.encode(errors="backslashreplace").decode())
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
