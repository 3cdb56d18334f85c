"""Each page is read by somebody who does what it says; see tests/harness/page_reader.py."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from ..harness.apvtest import pixels
from ..harness.page_blocks import PAGES, ROOT, blocks_of, over_ssh, steps
from ..harness.page_reader import Reader
from ..harness.ssh_daemon import MISSING
from ..harness.time_limits import scaled

LONG = {"docs/measuring.md"}
"""Pages that are read in `make test-deep` only."""
PICTURE = re.compile(r"!\[[^\]]*\]\((?:docs/)?images/([\w.-]+\.png)\)")
FAR = 6.0
"""How far a picture may be from that on the page, in steps of 255 on average: edges differ between machines."""


def pages() -> Iterator[Any]:
    """Yield the pages that have something to run."""
    for page in PAGES:
        wanted = list(steps(blocks_of(page.read_text(encoding="utf-8"))))
        if wanted:
            name = page.relative_to(ROOT).as_posix()
            yield pytest.param(page, marks=[pytest.mark.deep] if name in LONG else [], id=name)


@pytest.mark.timeout(scaled(300))
@pytest.mark.skipif(shutil.which("bash") is None, reason="no bash on PATH, for which the commands of the pages are")
@pytest.mark.parametrize("page", list(pages()))
def test_a_reader_comes_to_the_end_of(page: Path, tmp_path: Path) -> None:
    text = page.read_text(encoding="utf-8")
    wanted = list(steps(blocks_of(text)))
    ssh = any(map(over_ssh, wanted))
    if ssh and MISSING:
        pytest.skip(f"not on PATH, and the page needs it: {', '.join(MISSING)}")
    with Reader(tmp_path, ssh=ssh) as reader:
        for step in wanted:
            reader.follow(step)
        for name in PICTURE.findall(text):
            made = reader.folder / name
            if made.exists():
                _are_alike(made, ROOT / "docs" / "images" / name)


def _are_alike(made: Path, shown: Path) -> None:
    assert shown.exists(), f"the page shows {shown}, which is not there: copy {made} there"
    ours, theirs = pixels(made).astype(float), pixels(shown).astype(float)
    assert ours.shape == theirs.shape, f"{made} has another size than {shown}"
    assert np.abs(ours - theirs).mean() < FAR, f"{shown} is not what the page makes any more: copy {made} there"
