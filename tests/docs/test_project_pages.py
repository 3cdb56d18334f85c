"""CONTRIBUTING, RELEASING, SECURITY, CHANGELOG and the templates name files, names and commands that exist."""

from __future__ import annotations

import importlib.util
import re
import shutil
import subprocess
import tomllib
from datetime import date
from pathlib import Path

import pytest

from apvserver.commands.catalog import COMMANDS
from services_core import __version__

from ..harness.page_blocks import ROOT, blocks_of

TEMPLATES = ROOT / ".github"
PAGES = [ROOT / name for name in ("CONTRIBUTING.md", "RELEASING.md", "SECURITY.md", "CHANGELOG.md")]
PAGES += [TEMPLATES / "pull_request_template.md", ROOT / "findings" / "README.md"]
FORMS = sorted(path for path in (TEMPLATES / "ISSUE_TEMPLATE").glob("*.yml") if path.name != "config.yml")
SECTIONS = {"Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"}
INSTALLED_FIRST = {"build", "pip", "venv"}
"""Modules that a page installs before it runs them, or that Python has."""


def text_of(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def commands(page: Path) -> str:
    """The text in a page that is typed into a terminal."""
    text = page.read_text(encoding="utf-8")
    return "\n".join([*re.findall(r"```bash\n(.*?)```", text, re.DOTALL), *re.findall(r"`([^`\n]+)`", text)])


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_the_files_that_a_page_names_exist(page: Path) -> None:
    text = re.sub(r"```.*?```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    named = {one for one in re.findall(r"`([\w.*-]+(?:/[\w.*-]+)*)`", text) if "/" in one or Path(one).suffix == ".md"}
    linked = {one.partition("#")[0] for one in re.findall(r"\]\(([^)\s]+)\)", text) if "://" not in one}
    assert [one for one in sorted(named - {".venv"}) if not any(ROOT.glob(one))] == []
    assert [one for one in sorted(linked) if not (page.parent / one).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_the_commands_of_a_page_exist(page: Path) -> None:
    typed = commands(page)
    targets = set(re.findall(r"^([\w-]+):", text_of("Makefile"), re.MULTILINE))
    assert set(re.findall(r"(?:^|\n)\s*make ([\w-]+)", typed)) <= targets
    modules = set(re.findall(r"\bpython3? -m ([\w.]+)", typed)) - INSTALLED_FIRST
    assert [name for name in modules if importlib.util.find_spec(name) is None] == []
    assert set(re.findall(r"\bapvserver ([a-z]+)\b", typed)) <= set(COMMANDS)
    for block in re.findall(r"```bash\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL):
        if shutil.which("bash"):
            subprocess.run(["bash", "-n", "-c", block], check=True)


def test_what_is_said_to_stand_in_a_file_stands_there() -> None:
    pairs = [
        pair for page in PAGES for pair in re.findall(r"`(\w+)` (?:of|in)\s+`([\w./-]+)`", page.read_text("utf-8"))
    ]
    assert len(pairs) >= 6
    assert [pair for pair in pairs if not re.search(rf"\b{pair[0]}\b", text_of(pair[1]))] == []


@pytest.mark.parametrize("what", ["promise", "type", "reader", "operation", "backend", "finding"])
def test_how_things_are_added_is_said_in_steps_that_name_files(what: str) -> None:
    steps = text_of("CONTRIBUTING.md").partition(f"\n## How to add a{'n' * (what[0] in 'aeiou')} {what}\n")[2]
    steps = steps.partition("\n## ")[0]
    numbers = re.findall(r"^(\d)\. ", steps, re.MULTILINE)
    assert len(numbers) >= 2 and numbers == [str(n) for n in range(1, len(numbers) + 1)]
    assert len(re.findall(r"`[\w.*-]+/[\w./*-]+`", steps)) >= 3


def test_the_way_to_green_is_two_commands() -> None:
    first = next(block for block in blocks_of(text_of("CONTRIBUTING.md")) if block.language == "bash")
    assert [line.partition("#")[0].strip() for line in first.code.splitlines()] == ["make check", "make test"]


def test_every_marker_of_the_tests_is_explained() -> None:
    markers = tomllib.loads(text_of("pyproject.toml"))["tool"]["pytest"]["ini_options"]["markers"]
    text = text_of("CONTRIBUTING.md")
    assert [one for one in markers if f"\n- `{one.partition(':')[0]}`: " not in text] == []


def test_the_changes_have_the_form_of_a_changelog() -> None:
    text = text_of("CHANGELOG.md")
    heads = re.findall(r"^## (.+)$", text, re.MULTILINE)
    assert heads[0] == "[Unreleased]"
    numbers = []
    for head in heads[1:]:
        found = re.fullmatch(r"\[(\d+)\.(\d+)\.(\d+)\] - (not released|(\d{4}-\d\d-\d\d)(?:, never released)?)", head)
        assert found, head
        numbers.append(tuple(map(int, found.groups()[:3])))
        assert found[5] is None or date.fromisoformat(found[5])
    assert numbers == sorted(numbers, reverse=True)
    assert set(re.findall(r"^### (.+)$", text, re.MULTILINE)) <= SECTIONS


def test_the_version_is_the_last_of_the_changes() -> None:
    assert re.findall(r"^## \[(\d[\d.]*)\]", text_of("CHANGELOG.md"), re.MULTILINE)[0] == __version__
    supported = re.findall(r"^\| (\d+\.\d+)\.x \| (.+) \|$", text_of("SECURITY.md"), re.MULTILINE)
    assert [version for version, what in supported if "mended here" in what] == [__version__.rpartition(".")[0]]


@pytest.mark.parametrize("package", ["services_core", "servermanager"])
def test_old_names_that_warn_are_told(package: str) -> None:
    told = text_of("CHANGELOG.md").partition("### Deprecated")[2].partition("\n### ")[0]
    renamed = re.search(r"old_names\(\s*__name__,\s*\{([^}]*)\}", text_of(f"{package}/__init__.py"))
    assert renamed
    pairs = re.findall(r'"(\w+)": "(\w+)"', renamed[1])
    assert pairs and [pair for pair in pairs if f"`{pair[0]}` (`{pair[1]}`)" not in told] == []


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.name)
def test_forms_ask_for_what_is_needed(form: Path) -> None:
    text = form.read_text(encoding="utf-8")
    for key in ("name", "description", "labels", "body"):
        assert re.search(rf"^{key}:", text, re.MULTILINE), key
    kinds = re.findall(r"^  - type: (\w+)$", text, re.MULTILINE)
    assert set(kinds) <= {"markdown", "textarea", "input", "dropdown", "checkboxes"}
    ids = re.findall(r"^    id: (\w+)$", text, re.MULTILINE)
    assert len(ids) == len(set(ids)) == len([kind for kind in kinds if kind != "markdown"])
    assert "\t" not in text


def test_a_report_of_a_fault_has_the_output_of_the_doctor() -> None:
    doctor = (
        (TEMPLATES / "ISSUE_TEMPLATE" / "bug.yml").read_text("utf-8").partition("id: doctor")[2].partition("- type")[0]
    )
    assert "apvserver doctor" in doctor and "required: true" in doctor and "render: text" in doctor
