#!/usr/bin/env python3
"""action.py ACTION.YML FOLDER [INPUT=VALUE...]: runs a composite action as GitHub's runner does, as far as this one needs.

Works in the current folder, keeps the runner's files in FOLDER, prints what the steps print, and leaves the outputs in
FOLDER/outputs, a NAME=VALUE on each line. Exits as the first step that fails.
"""
import os
import pathlib
import re
import subprocess
import sys

import yaml


def main(action_file, folder, *given):
    action_file = pathlib.Path(action_file).resolve()
    folder = pathlib.Path(folder).resolve()
    folder.mkdir(parents=True, exist_ok=True)
    action = yaml.safe_load(action_file.read_text(encoding="utf-8"))
    inputs = {name: field.get("default", "") for name, field in action["inputs"].items()}
    for argument in given:
        name, value = argument.split("=", 1)
        assert name in inputs, f"no input {name}"
        inputs[name] = value
    steps = {}

    def look_up(match):
        words = match[1].split(".")
        if words[0] == "inputs":
            return inputs[words[1]]
        assert words[0] == "steps" and words[2] == "outputs", match[0]
        return steps.get(words[1], {}).get(words[3], "")

    def expand(text):
        return re.sub(r"\$\{\{ *([\w.-]+) *\}\}", look_up, text)

    status = 0
    for step in action["runs"]["steps"]:
        output = folder / f"output-{step['id']}"
        output.write_text("")
        assert step["shell"] == "bash" and "${{" not in step["run"]
        env = {**os.environ, "GITHUB_ACTION_PATH": str(action_file.parent), "GITHUB_OUTPUT": str(output),
               "GITHUB_STEP_SUMMARY": str(folder / "summary"), "RUNNER_TEMP": str(folder), "GITHUB_WORKSPACE": os.getcwd(),
               **{name: expand(value) for name, value in step.get("env", {}).items()}}
        # https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax: how bash is called
        status = subprocess.run(["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]], env=env,
                                cwd=expand(step.get("working-directory", ".")), check=False).returncode
        steps[step["id"]] = dict(line.split("=", 1) for line in output.read_text().splitlines())
        if status != 0:
            break
    with open(folder / "outputs", "w", encoding="utf-8") as file:
        for name, field in action["outputs"].items():
            file.write(f"{name}={expand(field['value'])}\n")
    return status


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
