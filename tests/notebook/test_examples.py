"""The notebooks of examples/notebooks show what is stored in them: texts, tables and pictures."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from ..harness.example_notebooks import executed, notebooks, pictures, stored, texts
from ..harness.jupyter_lab import why_no_jupyter

needs_jupyter = pytest.mark.skipif(why_no_jupyter() is not None, reason=str(why_no_jupyter()))
MOST_DIFFERENCE = 3.0
"""So far, of 255, pixels of another OpenGL may be from those that are stored, as a mean."""


SHORT = "first_steps.ipynb"
"""That which `make test` runs; `make test-deep` runs all."""
FILES = [
    pytest.param(file, id=file.stem, marks=[] if file.name == SHORT else [pytest.mark.deep]) for file in notebooks()
]


@needs_jupyter
@pytest.mark.parametrize("file", FILES)
def test_cells_show_what_is_stored(file: Path) -> None:
    expected, made = stored(file), executed(file)
    assert len(expected.cells) == len(made.cells)
    for before, now in zip(expected.cells, made.cells, strict=True):
        assert texts(now) == texts(before), before.source
        for one, other in zip(pictures(before), pictures(now), strict=True):
            assert one.shape == other.shape and len(np.unique(one.reshape(-1, 3), axis=0)) > 50, before.source
            assert np.abs(one.astype(int) - other).mean() < MOST_DIFFERENCE, before.source
