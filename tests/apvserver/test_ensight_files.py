"""EnSight by hand: constants of a case at their times, and elements of EnSight 6 of which corners are read."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from apvserver.vtk.base.errors import ExecutionFailed, FileError
from apvserver.vtk.pipeline.execution import Executor
from apvserver.vtk.pipeline.proxies import Pipeline
from servermanager import connect

from ..harness.apvtest import in_loop
from ..harness.opening import leaves, opened, points, times, values

PLACES = [(0, 0, 0), (1, 0, 0), (1, 1, 0), (0, 1, 0), (0, 0, 1), (1, 0, 1), (1, 1, 1), (0, 1, 1)]
HEAD = "by hand\ntest\nnode id off\nelement id off\n"
VARIABLES = """VARIABLE
constant per case: density 1.25
constant per case: 1 mach 0.5 0.75 1.0
constant per case file: 2 drag drag.txt
TIME
time set: 1
number of steps: 3
time values: 0.0 1.0
 2.0
time set: 2
number of steps: 3
time values: 0.5
1.5
2.5
"""


def write(folder: Path, kind: str, variables: str = VARIABLES, element: str = "hexa8") -> Path:
    count = {"hexa8": 8, "tria6": 6}[element]
    if kind == "ensight gold":
        columns = "".join(f"{place[axis]:12.5e}\n" for axis in range(3) for place in PLACES)
        text = f"{HEAD}part\n{1:10d}\nrock\ncoordinates\n{8:10d}\n{columns}{element}\n{1:10d}\n"
        text += "".join(f"{one:10d}" for one in range(1, count + 1))
    else:
        rows = "".join("".join(f"{one:12.5e}" for one in place) + "\n" for place in PLACES)
        text = f"{HEAD}coordinates\n{8:8d}\n{rows}part 1\nrock\n{element}\n{1:8d}\n"
        text += "".join(f"{one:8d}" for one in range(1, count + 1))
    (folder / "a.geo").write_text(text + "\n")
    (folder / "drag.txt").write_text("10.5\n20.5\n30.5\n")
    (folder / "a.case").write_text(f"FORMAT\ntype: {kind}\nGEOMETRY\nmodel: a.geo\n{variables}")
    return folder / "a.case"


@pytest.mark.parametrize("kind", ["ensight gold", "ensight"])
def test_constants_are_there_at_each_time(tmp_path: Path, kind: str) -> None:
    path = write(tmp_path, kind)
    assert times(path) == (0, 0.5, 1, 1.5, 2, 2.5)
    for time, mach, drag in ((0, 0.5, 10.5), (1, 0.75, 10.5), (1.5, 0.75, 20.5), (2.5, 1, 30.5)):
        field = opened(path, time=time).GetFieldData()
        found = {name: values(field, name).tolist() for name in ("density", "mach", "drag")}
        assert found == {"density": [1.25], "mach": [mach], "drag": [drag]}


@in_loop
async def test_arrays_of_a_composite_itself_are_told_and_fetched(tmp_path: Path) -> None:
    path = write(tmp_path, "ensight gold")
    async with await connect() as session:
        source = await session.open(path)
        told: Any = await source.update_pipeline()
        found = {one["name"]: one["ranges"] for one in told.raw["arrays"] if one["association"] == "FIELD"}
        assert found == {"density": [[1.25, 1.25]], "mach": [[0.5, 0.5]], "drag": [[10.5, 10.5]]}
        data = await source.fetch(arrays=[("FIELD", "mach")])
        assert list(data.field_data) == ["mach"]
        assert data.field_data["mach"].tolist() == [0.5]


def test_curved_elements_of_ensight_6_are_told(tmp_path: Path) -> None:
    warnings: list[str] = []
    ((_, made),) = leaves(opened(write(tmp_path, "ensight", "", "tria6"), warnings=warnings))
    assert made.GetCell(0).GetNumberOfPoints() == 3
    assert [one for one in warnings if "of tria6 the corners alone are read" in one]
    warnings.clear()
    opened(write(tmp_path, "ensight", ""), warnings=warnings)
    assert warnings == []


def test_a_file_of_constants_that_is_missing_is_an_error(tmp_path: Path) -> None:
    path = write(tmp_path, "ensight")
    (tmp_path / "drag.txt").unlink()
    with pytest.raises(ExecutionFailed, match=r"a\.case: .*drag\.txt"):
        opened(path)


def line(text: str) -> bytes:
    return text.encode().ljust(80, b"\0")


def block(values: Any, kind: str) -> bytes:
    return np.asarray(values, f"<{kind}").tobytes()


def geometry(step: int, wrap: Callable[[bytes], bytes] = bytes) -> bytes:
    """A brick that moves along x, as EnSight Gold stores it; `wrap` makes records of FORTRAN."""
    parts = [line("made"), line("by hand"), line("node id off"), line("element id off"), line("part"), block([1], "i4")]
    parts += [line("rock"), line("coordinates"), block([8], "i4")]
    parts += [block([place[axis] + (step if axis == 0 else 0) for place in PLACES], "f4") for axis in range(3)]
    parts += [line("hexa8"), block([1], "i4"), block(range(1, 9), "i4")]
    return b"".join(map(wrap, parts))


def heat(step: int, wrap: Callable[[bytes], bytes] = bytes) -> bytes:
    parts = [line("heat"), line("part"), block([1], "i4"), line("coordinates"), block(np.arange(8) + 100 * step, "f4")]
    return b"".join(map(wrap, parts))


def several(steps: list[bytes]) -> bytes:
    return b"".join(line("BEGIN TIME STEP") + step + line("END TIME STEP") for step in steps)


def record(content: bytes) -> bytes:
    size = block([len(content)], "i4")
    return size + content + size


def written_by_simulations(folder: Path, how: str) -> Path:
    """A case of three times in single files, or in records of FORTRAN with a file for each time."""
    times_of_it = "TIME\ntime set: 1\nnumber of steps: 3\ntime values: 0.0 0.5 2.0\n"
    if how == "single files":
        (folder / "a.geo").write_bytes(line("C Binary") + several([geometry(step) for step in range(3)]))
        (folder / "heat").write_bytes(several([heat(step) for step in range(3)]))
        text = "GEOMETRY\nmodel: 1 1 a.geo\nVARIABLE\nconstant per case: density 1.25\nscalar per node: 1 1 heat heat\n"
        text += f"{times_of_it}FILE\nfile set: 1\nnumber of steps: 3\n"
    else:
        for step in range(3):
            (folder / f"a{step}.geo").write_bytes(record(line("Fortran Binary")) + geometry(step, record))
            (folder / f"heat{step}").write_bytes(heat(step, record))
        text = "GEOMETRY\nmodel: 1 a*.geo\nVARIABLE\nconstant per case: density 1.25\nscalar per node: 1 heat heat*\n"
        text += times_of_it.replace("time values", "filename start number: 0\nfilename increment: 1\ntime values")
    (folder / "a.case").write_text(f"FORMAT\ntype: ensight gold\n{text}")
    return folder / "a.case"


@pytest.mark.parametrize("how", ["single files", "records of Fortran"])
def test_every_time_is_read(tmp_path: Path, how: str) -> None:
    path = written_by_simulations(tmp_path, how)
    assert times(path) == (0, 0.5, 2)
    for step, time in enumerate((0, 0.5, 2)):
        warned: list[str] = []
        data = opened(path, time=time, warnings=warned)
        ((name, rock),) = leaves(data)
        assert name == "rock" and not warned
        np.testing.assert_array_equal(points(rock), np.array(PLACES) + np.array([step, 0, 0]))
        assert values(rock.GetPointData(), "heat").tolist() == [value + 100 * step for value in range(8)]
        assert values(data.GetFieldData(), "density").tolist() == [1.25]


@pytest.mark.parametrize(("how", "why"), [("single files", "in one file"), ("records of Fortran", "of Fortran")])
def test_a_reader_by_name_that_would_leave_times_out_says_so(tmp_path: Path, how: str, why: str) -> None:
    pipeline = Pipeline()
    pipeline.create(1, "EnSightReader", {"CaseFileName": str(written_by_simulations(tmp_path, how))})
    with pytest.raises((ExecutionFailed, FileError), match=rf"{why}.*session\.open"):
        Executor().execute(pipeline, 1)
