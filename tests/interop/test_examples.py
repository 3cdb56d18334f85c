"""The examples, run as a user would, with less of everything."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from ..harness.apvtest import BACKENDS, ROOT, Program, apvpython, colours, pixels
from ..harness.time_limits import scaled


def example(name: str, *arguments: str, backend: str = "inproc", by: str = "apvpython", **env: Any) -> str:
    """What an example prints."""
    program = ["-m", "apvpython"] if by == "apvpython" else []
    script, env = str(ROOT / "examples" / f"{name}.py"), {"APV_COMMUNICATION_BACKEND": backend, **env}
    with Program(*program, script, *arguments, **env) as ran:
        assert ran.wait(deadline_s=60) == 0, f"{ran.output}\n{ran.errors}"
        return ran.output


def test_each_is_a_program_for_python_as_well() -> None:
    """But for those of the gallery, which are as short as they can be."""
    for script in (ROOT / "examples").glob("*.py"):
        compile(script.read_bytes(), str(script), "exec")


@pytest.mark.alone
@pytest.mark.parametrize("backend", BACKENDS)
def test_streamlines_follow_their_seeds(backend: str, tmp_path: Path) -> None:
    small = ["--side", "24", "--seeds", "10", "--seconds", "1.5", "--size", "160", "120"]
    output = example("streamlines", *small, "--output", str(tmp_path), backend=backend)
    found = re.search(r"(\d+) placements sent, (\d+) frames received .* stood still for at most (\d+) ms", output)
    assert found and int(found[1]) > 10 and int(found[2]) > 10, output
    frames = sorted(tmp_path.glob("frame_0*"))
    assert len(frames) > int(found[2])  # and those of the refinement
    last = pixels(frames[-1])
    assert frames[-1].suffix == ".png" and last.shape == (120, 160, 3) and colours(last) > 100
    assert (tmp_path / "frame_times.png").stat().st_size > 1000


@pytest.mark.alone
@pytest.mark.parametrize("backend", BACKENDS)
def test_a_contour_changes_while_the_camera_goes_around_it(backend: str, tmp_path: Path) -> None:
    picture = tmp_path / "wavelet.png"
    small = ["--extent", "15", "--seconds", "1.5", "--size", "160", "120", "--output", str(picture)]
    output = example("wavelet", *small, backend=backend)
    found = re.search(r"([\d.]+) images a second while (\d+) contours were asked for and (\d+) made", output)
    assert found and float(found[1]) > 1 and 0 < int(found[3]) <= int(found[2]) + 2, output
    assert colours(pixels(picture)) > 50


@pytest.mark.parametrize("by", ["apvpython", "python"])
def test_a_volume_refines(by: str, tmp_path: Path) -> None:
    pytest.importorskip("vtkmodules")
    data = tmp_path / "ball.vti"
    _write_ball(data)
    small = ["--data", str(data), "--moves", "3", "--size", "120", "90", "--output", str(tmp_path / "images")]
    output = example("volume", *small, by=by)
    names = sorted(path.name.split("s_", 1)[1] for path in (tmp_path / "images").iterdir())
    assert {"coarse.jpg", "mean_of_8_exact.png"} <= set(names), output
    assert {"whole.jpg", "whole_exact.png"} & set(names), output  # the newest wins: one of them may have been overtaken
    last = next((tmp_path / "images").glob("*mean_of_8_exact.png"))
    assert (pixels(last) < 250).any(axis=2).mean() > 0.02  # something before the white


def test_paths_are_traced_at_rest(tmp_path: Path) -> None:
    pytest.importorskip("mitsuba", reason="Mitsuba is not installed: pip install '.[raytracing]'")
    data = tmp_path / "ball.vti"
    _write_ball(data)
    small = [
        "--data",
        str(data),
        "--moves",
        "2",
        "--passes",
        "8",
        "--size",
        "80",
        "60",
        "--output",
        str(tmp_path / "to"),
    ]
    output = example("raytracing", *small)
    (last,) = (tmp_path / "to").glob("*_8_exact.png")  # 8, as the samples that OpenGL has at rest elsewhere
    found = pixels(last).astype(int)
    assert last.stem in output and found.shape == (60, 80, 3)
    floor = found[2, 2]
    assert floor.min() > 150  # lit; the shadow of the ball on it has the sky's light alone
    assert ((found.max(axis=2) < 0.8 * floor.max()) & (np.ptp(found, axis=2) < 40)).sum() > 50


def _write_ball(path: Path) -> None:
    """An image of labels: a ball of 29 in the middle of nothing."""
    from vtkmodules.util.numpy_support import numpy_to_vtk
    from vtkmodules.vtkCommonDataModel import vtkImageData
    from vtkmodules.vtkIOXML import vtkXMLImageDataWriter

    axis = np.linspace(-1, 1, 32)
    z, y, x = np.meshgrid(axis, axis, axis, indexing="ij")
    labels = numpy_to_vtk(((x**2 + y**2 + z**2 < 0.6) * 29).astype(np.uint8).ravel(), deep=True)
    labels.SetName("labels")
    image = vtkImageData()
    image.SetDimensions(32, 32, 32)
    image.GetPointData().SetScalars(labels)
    writer = vtkXMLImageDataWriter()
    writer.SetFileName(str(path))
    writer.SetInputData(image)
    assert writer.Write()


def test_the_comparison_shows_our_side_and_says_why_not_the_other(tmp_path: Path) -> None:
    output = example("comparison", "--side", "24", "--resolution", "40", PATH=str(tmp_path))
    assert "ParaView's pvpython is not on PATH" in output
    rows = [line for line in output.splitlines() if re.search(r", \S+ +[\d.e-]+ +-$", line)]
    assert len(rows) == 5, output


@pytest.mark.deep
@pytest.mark.timeout(scaled(300))
@pytest.mark.skipif(shutil.which("pvpython") is None, reason="ParaView's pvpython is not on PATH")
def test_the_comparison_beside_paraview() -> None:
    ended = apvpython(str(ROOT / "examples/comparison.py"), "--side", "64", "--resolution", "100", deadline_s=280)
    assert ended.code == 0, ended
    values = [line.split()[-2:] for line in ended.output.splitlines() if ", " in line]
    assert len(values) == 5 and all(float(one) > 0 for row in values for one in row), ended
