"""The gate (`make check`) makes no exception that names nothing, or that is no longer needed."""

from __future__ import annotations

import itertools
import json
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import pytest

from ..harness.apvtest import ROOT
from ..harness.time_limits import scaled

pytest.importorskip("ruff", reason="ruff is not installed: pip install ruff")
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
EXCEPTIONS: dict[str, list[str]] = PROJECT["tool"]["ruff"]["lint"]["per-file-ignores"]


def alternatives(pattern: str) -> Iterator[str]:
    """The patterns without braces that a pattern with braces stands for."""
    parts = re.split(r"\{([^}]*)\}", pattern)
    for chosen in itertools.product(*(part.split(",") if odd % 2 else [part] for odd, part in enumerate(parts))):
        yield "".join(chosen)


@pytest.fixture(scope="module")
def faults() -> set[tuple[str, str]]:
    """What ruff finds without exceptions: (file, code)."""
    codes = ",".join(sorted({code for codes in EXCEPTIONS.values() for code in codes}))
    command = [
        sys.executable,
        "-m",
        "ruff",
        "check",
        "--no-cache",
        "--output-format",
        "json",
        "--select",
        codes,
        str(ROOT),
    ]
    bare = ["--config", "lint.per-file-ignores = {}"]
    done = subprocess.run([*command, *bare], capture_output=True, text=True, timeout=scaled(60), check=False)
    found = json.loads(done.stdout)
    return {(Path(one["filename"]).relative_to(ROOT).as_posix(), one["code"]) for one in found}


@pytest.mark.parametrize("pattern", EXCEPTIONS)
def test_every_exception_is_needed(pattern: str, faults: set[tuple[str, str]]) -> None:
    for one, code in itertools.product(alternatives(pattern), EXCEPTIONS[pattern]):
        needed = any(fnmatch(file, one) and found.startswith(code) for file, found in faults)
        assert needed, f"no file {one} breaks {code} any more: take it out of per-file-ignores in pyproject.toml"


def test_every_program_and_test_is_type_checked() -> None:
    packages = {path.parent.name for path in ROOT.glob("*/__init__.py")}
    assert set(PROJECT["tool"]["mypy"]["packages"]) == packages


def test_braces_stand_for_each_of_their_words() -> None:
    assert list(alternatives("a/{b,c}/*_{d,e}.py")) == ["a/b/*_d.py", "a/b/*_e.py", "a/c/*_d.py", "a/c/*_e.py"]
