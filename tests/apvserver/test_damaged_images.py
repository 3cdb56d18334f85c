"""Files of images that are cut off or damaged: an error, or an image of what is left, and never anything else."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nibabel
import nrrd
import numpy as np
import pytest
import SimpleITK
import tifffile
from PIL import Image

from apvserver.vtk.base.vtk_messages import capture
from apvserver.vtk.types.catalog import construct

from ..harness.other_writers import mrc

VALUES = np.arange(60, dtype="i2").reshape(5, 4, 3)


def by_itk(path: Path, **options: Any) -> None:
    SimpleITK.WriteImage(SimpleITK.GetImageFromArray(VALUES), str(path), **options)


WHOLE: dict[str, tuple[str, Callable[[Path], Any]]] = {
    "a.nii": ("vtkNIFTIImageReader", lambda at: nibabel.save(nibabel.Nifti1Image(VALUES, np.eye(4)), at)),
    "b.nii.gz": ("vtkNIFTIImageReader", lambda at: nibabel.save(nibabel.Nifti2Image(VALUES, np.eye(4)), at)),
    "a.nrrd": ("vtkNrrdReader", lambda at: nrrd.write(str(at), VALUES, {"encoding": "raw"})),
    "b.nrrd": ("vtkNrrdReader", lambda at: nrrd.write(str(at), VALUES, {"encoding": "gzip", "spacings": [1, 2, 3]})),
    "a.mha": ("vtkMetaImageReader", by_itk),
    "b.mha": ("vtkMetaImageReader", lambda at: by_itk(at, useCompression=True)),
    "a.mrc": ("vtkMRCReader", lambda at: at.write_bytes(mrc(VALUES.astype("f4"), 2))),
    "a.mgz": ("MGHReader", lambda at: nibabel.save(nibabel.MGHImage(VALUES, np.eye(4)), at)),
    "a.tif": ("vtkTIFFReader", lambda at: tifffile.imwrite(at, VALUES, photometric="minisblack")),
    "b.tif": ("vtkTIFFReader", lambda at: tifffile.imwrite(at, VALUES[0], tile=(16, 16), bigtiff=True)),
    "a.pgm": ("vtkPNMReader", lambda at: Image.fromarray(VALUES[0].astype("u1")).save(at)),
    "a.tga": ("vtkTGAReader", lambda at: Image.fromarray(VALUES.astype("u1")).save(at)),
}


def damaged(whole: bytes, chance: random.Random) -> bytes:
    if chance.random() < 0.3:
        return whole[: chance.randrange(len(whole))]
    made = bytearray(whole)
    for _ in range(chance.choice((1, 2, 8))):
        made[chance.randrange(min(len(made), 500))] = chance.randrange(256)
    return bytes(made)


def check(tmp_path: Path, name: str, times: int) -> None:
    type_name, write = WHOLE[name]
    path, chance = tmp_path / name, random.Random(name)
    write(path)
    whole = path.read_bytes()
    for number in range(times):
        path.write_bytes(damaged(whole, chance))
        reader = construct(type_name)
        reader.SetFileName(str(path))
        with capture() as captured:
            reader.Update()
        data = reader.GetOutputDataObject(0)
        told = [one for one in captured.errors if "Traceback" in one or "Error:" in one.split(" ")[0]]
        assert not told, f"damage {number}: {told}"
        assert captured.errors or data.GetPointData().GetScalars() is not None, f"damage {number}"


@pytest.mark.parametrize("name", WHOLE)
def test_damaged_files(tmp_path: Path, name: str) -> None:
    check(tmp_path, name, 30)


@pytest.mark.deep
@pytest.mark.parametrize("name", WHOLE)
def test_many_damaged_files(tmp_path: Path, name: str) -> None:
    check(tmp_path, name, 3000)
