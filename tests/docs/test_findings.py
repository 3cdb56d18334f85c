"""findings/README.md lists every script with the versions that it pins; nothing is installed or executed here."""

from __future__ import annotations

import ast
import re
import shutil
import subprocess

import pytest

from ..harness.page_blocks import ROOT

FOLDER = ROOT / "findings"
SCRIPTS = sorted(path.name for path in FOLDER.glob("*.sh"))
OURS = {"apvpython", "apvserver", "async_paraview", "servermanager", "services_core", "services_inproc", "services_zmq"}
NOT_FROM_PIP = {"glibc", "libzmq"}
_ROW = re.compile(r"^\| `([\w.]+)` \| (.+?) \| (.+) \|$", re.MULTILINE)
_PIN = re.compile(r"([\w-]+)==([\w.]+)")
_NAMED = re.compile(r"([A-Za-z][\w-]*) (\d[\w.]*\.\d+)")


def rows() -> dict[str, tuple[str, str]]:
    """The table: libraries and what surprises, by script."""
    text = (FOLDER / "README.md").read_text(encoding="utf-8")
    return {script: (libraries, surprise) for script, libraries, surprise in _ROW.findall(text)}


def programs(script: str) -> list[str]:
    """The Python programs that a script has in itself."""
    return re.findall(
        r"<<'PY'[^\n]*\n(.*?)^PY$", (FOLDER / script).read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL
    )


def test_the_table_has_every_script_once() -> None:
    text = (FOLDER / "README.md").read_text(encoding="utf-8")
    assert sorted(script for script, _, _ in _ROW.findall(text)) == SCRIPTS


@pytest.mark.parametrize("script", SCRIPTS)
def test_the_table_names_what_is_pinned(script: str) -> None:
    pinned = {name.lower(): version for name, version in _PIN.findall((FOLDER / script).read_text(encoding="utf-8"))}
    named = {name.lower(): v for name, v in _NAMED.findall(rows()[script][0])}
    assert named, "no library with its version"
    assert {name: pinned.get(name, "not pinned").removesuffix(".post1") for name in named.keys() - NOT_FROM_PIP} == {
        name: version for name, version in named.items() if name not in NOT_FROM_PIP
    }


@pytest.mark.parametrize("script", SCRIPTS)
def test_a_script_can_be_run_and_cleans_up(script: str) -> None:
    path = FOLDER / script
    text = path.read_text(encoding="utf-8")
    assert text.startswith("#!/usr/bin/env bash\n# ")
    for line in ("set -euo pipefail", "folder=$(mktemp -d)", "trap 'rm -rf \"$folder\"' EXIT"):
        assert line in text.splitlines(), line
    if shutil.which("git") and (ROOT / ".git").exists():
        kept = subprocess.run(
            ["git", "ls-files", "-s", str(path)], cwd=ROOT, capture_output=True, text=True, check=True
        )
        assert kept.stdout[:6] in ("100755", ""), f"{script} is not executable"
    if shutil.which("bash"):
        subprocess.run(["bash", "-n", str(path)], check=True)


@pytest.mark.parametrize("script", SCRIPTS)
def test_a_script_knows_nothing_of_this_project(script: str) -> None:
    found = programs(script)
    assert found, "no program in it"
    names = {
        name.partition(".")[0] for program in found for node in ast.walk(ast.parse(program)) for name in _imported(node)
    }
    assert not names & OURS


def _imported(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    return [node.module or ""] if isinstance(node, ast.ImportFrom) else []


@pytest.mark.parametrize("script", SCRIPTS)
def test_a_script_fails_when_what_it_says_changes(script: str) -> None:
    text = (FOLDER / script).read_text(encoding="utf-8")
    assert re.search(r"changed", text, re.IGNORECASE), "nothing says what changed"
    assert re.search(r"sys\.exit\(|^\s*exit 1", text, re.MULTILINE), "nothing in it fails"


def test_the_folder_has_scripts_and_their_page_only() -> None:
    assert {path.suffix for path in FOLDER.iterdir()} == {".md", ".sh"}
