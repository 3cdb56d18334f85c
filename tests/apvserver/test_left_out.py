"""What a reader announces and then leaves out, without a word of its own, is told as a warning, once per reading."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from vtkmodules.util.numpy_support import vtk_to_numpy

from apvserver.vtk.base.errors import ExecutionFailed
from apvserver.vtk.base.vtk_messages import Message
from apvserver.vtk.files.series import choose_for
from apvserver.vtk.pipeline.execution import Executor
from apvserver.vtk.pipeline.proxies import Pipeline

from ..harness import simulations


class Reading:
    def __init__(self, path: Path) -> None:
        self.pipeline, self.messages = Pipeline(), list[Message]()
        self.pipeline.create(1, *choose_for([str(path)]))

    def read(self, time: float | None = None, **properties: Any) -> Any:
        self.messages.clear()
        self.pipeline.modify(1, properties)
        Executor().execute(self.pipeline, 1, time=time, on_message=self.messages.append)
        return self.pipeline.output_data(1)


def test_texts_and_bytes_of_particles_are_told_which_vtk_skips(tmp_path: Path) -> None:
    simulations.particles(tmp_path / "a.h5part", name=np.array([b"a"] * 5), charge=np.arange(5, dtype=np.uint8))
    reading = Reading(tmp_path / "a.h5part")
    points = reading.read(1.0).GetPointData()
    (told,) = reading.messages
    assert (told.severity, told.proxy_id, told.type_name) == ("warning", 1, "vtkH5PartReader")
    assert told.property == "PointArrayStatus"
    announced = "the file announces 2 point array(s) that are not in what vtkH5PartReader has read of it"
    assert told.text.endswith(f"{announced}: 'charge', 'name'")
    assert vtk_to_numpy(points.GetArray("energy")).tolist() == [0.0, 1.0, 2.0, 3.0, 4.0]
    assert points.GetArray("px").GetTuple(1) == (1.0, 2.0, 3.0)  # which VTK makes of three arrays
    reading.read(1.0)
    assert reading.messages == []  # nothing was read again
    reading.read(1.0, PointArrayStatus={"name": False, "charge": False})
    assert reading.messages == []


def test_arrays_of_particles_that_are_not_as_many_are_refused(tmp_path: Path) -> None:
    """VTK would read behind their ends. Longer ones here, which harm nothing."""
    simulations.particles(tmp_path / "long.h5part", mass=np.arange(8.0))
    simulations.particles(tmp_path / "wide.h5part", spin=np.zeros((5, 1)))
    for name, words in (("long", "mass 8"), ("wide", "spin 5x1")):
        with pytest.raises(ExecutionFailed, match=rf"the arrays of /Step#0 are not of one length.*{words}"):
            Reading(tmp_path / f"{name}.h5part").read()


def test_pieces_of_a_parallel_run_that_are_missing_are_told(tmp_path: Path) -> None:
    for number in (0, 1):
        simulations.exodus(tmp_path / f"all.e.2.{number}")
    simulations.exodus(tmp_path / "some.e.12.03")
    whole, some = Reading(tmp_path / "all.e.2.1"), Reading(tmp_path / "some.e.12.03")
    assert whole.read().GetNumberOfCells() == 4 and whole.messages == []
    some.read()
    (told,) = some.messages
    assert (
        "11 of the 12 pieces of the run are missing" in told.text
        and "some.e.12.00, " in told.text
        and "12.03" not in told.text
    )
    some.read(1.0)
    assert some.messages == []  # it is told once
    other = tmp_path / "all.e.2.0"
    os.truncate(other, other.stat().st_size - 100)
    with pytest.raises(ExecutionFailed, match=r"all\.e\.2\.0: it is cut off"):
        whole.read(1.0, DisplacementMagnitude=2.0)


def test_arrays_of_pieces_that_are_not_announced_are_told(tmp_path: Path) -> None:
    triangle = """<Points><DataArray type="Float32" NumberOfComponents="3">0 0 0 1 0 0 0 1 0</DataArray></Points>
        <Polys><DataArray type="Int64" Name="connectivity">0 1 2</DataArray>
        <DataArray type="Int64" Name="offsets">3</DataArray></Polys>"""
    arrays = "".join(f'<DataArray type="Float32" Name="{name}">1 2 3</DataArray>' for name in ("p", "T"))
    (tmp_path / "piece.vtp").write_text(
        '<?xml version="1.0"?><VTKFile type="PolyData"><PolyData><Piece NumberOfPoints="3" NumberOfPolys="1">'
        f"<PointData>{arrays}</PointData>{triangle}</Piece></PolyData></VTKFile>"
    )
    (tmp_path / "all.pvtp").write_text(
        '<?xml version="1.0"?><VTKFile type="PPolyData"><PPolyData GhostLevel="0"><PPointData>'
        '<PDataArray type="Float32" Name="p"/></PPointData><PPoints>'
        '<PDataArray type="Float32" NumberOfComponents="3"/></PPoints><Piece Source="piece.vtp"/></PPolyData></VTKFile>'
    )
    reading = Reading(tmp_path / "all.pvtp")
    assert reading.read().GetPointData().GetNumberOfArrays() == 1
    (told,) = reading.messages
    assert told.text.startswith("PointArrayStatus: ") and told.text.endswith("does not announce, and is not read: 'T'")


def test_a_variable_of_ensight_whose_file_is_missing_is_told(tmp_path: Path) -> None:
    (tmp_path / "a.case").write_text(
        "FORMAT\ntype: ensight gold\nGEOMETRY\nmodel: a.geo\nVARIABLE\nscalar per node: there a.there\n"
        "scalar per node: gone a.gone\n"
    )
    coordinates = "".join(f"{place[axis]:12.5e}\n" for axis in range(3) for place in ((0, 0, 0), (1, 0, 0), (0, 1, 0)))
    (tmp_path / "a.geo").write_text(
        "a\nb\nnode id assign\nelement id assign\npart\n         1\nskin\ncoordinates\n         3\n"
        f"{coordinates}tria3\n         1\n         1         2         3\n"
    )
    (tmp_path / "a.there").write_text("v\npart\n         1\ncoordinates\n" + "".join(f"{v:12.5e}\n" for v in (1, 2, 3)))
    reading = Reading(tmp_path / "a.case")
    reading.read()
    assert any("a.gone failed" in one.text for one in reading.messages)
    assert "'gone'" in reading.messages[-1].text and "'there'" not in reading.messages[-1].text


def test_nothing_is_told_of_arrays_of_blocks_that_were_not_chosen(tmp_path: Path) -> None:
    simulations.xdmf(tmp_path / "a.xmf")
    reading = Reading(tmp_path / "a.xmf")
    reading.read(GridStatus=["g1"])
    assert reading.messages == []
