"""MINC and MGH as nibabel reads them; the MINC files are those of nibabel's own tests."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import nibabel
import numpy as np
import pytest

from apvserver.vtk.base.errors import FileError

from ..harness.placed_images import assert_at_places, read_image

DATA = Path(nibabel.__file__).parent / "tests" / "data"


@pytest.mark.parametrize("name", ["tiny.mnc", "small.mnc", "minc1_1_scale.mnc", "minc2_1_scale.mnc"])
def test_minc_with_its_scales(name: str) -> None:
    by_nibabel: Any = nibabel.load(DATA / name)
    assert_at_places(read_image(DATA / name), by_nibabel.get_fdata(), by_nibabel.affine)


def test_minc_over_time() -> None:
    by_nibabel: Any = nibabel.load(DATA / "minc1_4d.mnc")
    found = read_image(DATA / "minc1_4d.mnc", time=1.0)
    assert found.times == (0.0, 1.0)
    assert_at_places(found, by_nibabel.get_fdata()[1], by_nibabel.affine)


@pytest.mark.parametrize("extension", [".mgh", ".mgz"])
def test_freesurfer(tmp_path: Path, extension: str) -> None:
    affine = np.array([[-1.0, 0, 0, 128], [0, 0, 1, -128], [0, -1, 0, 128], [0, 0, 0, 1]])
    values = np.arange(60, dtype="i2").reshape(5, 4, 3)
    nibabel.save(nibabel.MGHImage(values, affine), tmp_path / f"a{extension}")
    found = read_image(tmp_path / f"a{extension}")
    assert_at_places(found, values, affine)
    assert found.array.GetDataTypeAsString() == "short"


def test_without_nibabel_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "nibabel", None)
    with pytest.raises(FileError, match=r'pip install "async-paraview\[formats\]"'):
        read_image(DATA / "tiny.mnc")
