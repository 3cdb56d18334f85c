"""SEG-Y as segyio writes it: samples, places and times of every trace."""

from pathlib import Path

import numpy as np
import pytest
import segyio

from apvserver.vtk.base.errors import ExecutionFailed

from ..harness.opening import opened, points, values

INLINES, CROSSLINES, SAMPLES, STEP_MS = np.arange(1, 4), np.arange(10, 14), 6, 4


def write_volume(path: Path, *, left_out: tuple[tuple[int, int], ...] = (), code: int = 5, scalar: int = 1) -> None:
    """Traces of 100 inline + 10 crossline + sample / 2; inlines go along x, crosslines along y."""
    lines = [(i, c) for i in INLINES.tolist() for c in CROSSLINES.tolist() if (i, c) not in left_out]
    spec = segyio.spec()
    spec.format, spec.samples, spec.tracecount, spec.sorting = code, np.arange(SAMPLES) * STEP_MS, len(lines), None
    up = -scalar if scalar < 0 else 1
    with segyio.create(path, spec) as file:
        for number, (inline, crossline) in enumerate(lines):
            file.header[number] = {
                segyio.su.iline: inline, segyio.su.xline: crossline, segyio.su.scalco: scalar, segyio.su.ns: SAMPLES,
                segyio.su.cdpx: (1000 + 25 * inline) * up, segyio.su.cdpy: (2000 + 50 * crossline) * up,
                segyio.su.dt: STEP_MS * 1000, segyio.su.delrt: 100,
            }  # fmt: skip
            file.trace[number] = (100 * inline + 10 * crossline + np.arange(SAMPLES) / 2).astype(np.float32)
        file.bin.update(hdt=STEP_MS * 1000)


@pytest.mark.parametrize("code", [1, 5])
@pytest.mark.parametrize("scalar", [1, -100])
def test_a_volume(tmp_path: Path, code: int, scalar: int) -> None:
    write_volume(tmp_path / "a.sgy", code=code, scalar=scalar)
    grid = opened(tmp_path / "a.sgy")
    assert grid.GetExtent() == (0, 2, 0, 3, 0, 5)
    found, places = values(grid.GetPointData(), "trace"), points(grid)
    inline, crossline, sample = (places[:, 0] - 1000) / 25, (places[:, 1] - 2000) / 50, (-places[:, 2] - 100) / STEP_MS
    np.testing.assert_allclose(found, 100 * inline + 10 * crossline + sample / 2)
    assert grid.GetBounds() == (1025, 1075, 2500, 2650, -120, -100)
    with segyio.open(tmp_path / "a.sgy") as file:
        np.testing.assert_array_equal(found.reshape(6, 4, 3).transpose(2, 1, 0), segyio.cube(file))


def test_a_volume_that_lacks_a_trace(tmp_path: Path) -> None:
    write_volume(tmp_path / "a.sgy", left_out=((2, 11),))
    grid = opened(tmp_path / "a.sgy")
    found, places = values(grid.GetPointData(), "trace"), points(grid)
    missing = np.isnan(found)
    assert missing.sum() == SAMPLES
    np.testing.assert_allclose(places[missing][:, :2], [[1050, 2550]] * SAMPLES)


def test_a_section(tmp_path: Path) -> None:
    spec = segyio.spec()
    spec.format, spec.samples, spec.tracecount, spec.sorting = 1, np.arange(SAMPLES) * STEP_MS, 5, None
    with segyio.create(tmp_path / "a.segy", spec) as file:
        for number in range(5):
            file.header[number] = {segyio.su.sx: 10 * number, segyio.su.sy: 7, segyio.su.ns: SAMPLES}
            file.trace[number] = (number + np.arange(SAMPLES) / 2).astype(np.float32)
        file.bin.update(hdt=STEP_MS * 1000)
    section = opened(tmp_path / "a.segy")
    assert section.GetExtent() == (0, 4, 0, 0, 0, 5)
    assert section.GetBounds() == (0, 40, 7, 7, -20, 0)
    np.testing.assert_allclose(
        values(section.GetPointData(), "trace"), points(section)[:, 0] / 10 - points(section)[:, 2] / 8
    )


def test_a_file_that_is_cut_off(tmp_path: Path) -> None:
    write_volume(tmp_path / "a.sgy")
    (tmp_path / "a.sgy").write_bytes((tmp_path / "a.sgy").read_bytes()[:-7])
    with pytest.raises(ExecutionFailed, match=r"traces of 6 samples \(264 bytes\), and 3161 bytes are no whole number"):
        opened(tmp_path / "a.sgy")
