"""Directories whose names would be taken for two."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from ..harness.apvtest import run


@pytest.mark.skipif(os.pathsep != ":", reason="there no name can have one")
@pytest.mark.parametrize("option", ["--data-root", "--definitions"])
def test_a_name_that_separates_paths_is_refused(option: str, tmp_path: Path) -> None:
    there = tmp_path / "half:other"
    if option == "--data-root":
        there.mkdir()
    else:
        there.touch()
    ended = run("apvserver", "--server-port", "0", option, str(there))
    assert ended.code == 2 and ended.output == "", ended
    assert f"apvserver: {there} has a ':' in its name" in ended.errors and "rename it" in ended.errors, ended
