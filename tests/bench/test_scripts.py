"""What `python -m bench scripts` measures: a script with ParaView's numbers; other numbers are no measurement."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any, Final

import pytest
from PIL import Image

from bench.cli import main
from bench.reporting.results import rows
from bench.running.sample import Sample, summarize
from bench.scripts import SCENARIOS, pvpython
from bench.scripts.wall_time import Numbers, alike, by_apvpython, measured

IN_PARAVIEW: Final = {
    "Gradient": [226981, 216000],
    "Calculator": [226981, 216000],
    "Contour": [63061, 122100],
    "Connectivity": [63061, 122100],
    "Smooth": [63061, 122100],
    "Elevation": [63061, 122100],
    "Slice": [3721, 7200],
    "WarpByScalar": [3721, 7200],
    "Clip": [115351, 108000],
    "Threshold": [66983, 56258],
    "ExtractSurface": [20588, 20576],
    "Shrink": [450064, 56258],
    "FeatureEdges": [16738, 22340],
    "ExtractSubset": [729, 512],
    "Glyph": [22599, 10935],
    "StreamTracer": [164164, 82],
    "Tube": [985968, 656],
    "PointDatatoCellData": [226981, 216000],
    "IntegrateVariables": [1, 1],
    "Outline": [8, 12],
}
"""Points and cells that pvpython 5.11 has printed."""


class Kept(Numbers):
    """Numbers that can be looked at."""

    found: dict[str, Any]

    def check(self, found: dict[str, Any], label: str) -> None:
        self.found = found
        super().check(found, label)


def test_the_script_runs_and_has_the_numbers_of_paraview() -> None:
    numbers, pictures = Kept(), {}

    def run(directory: Path) -> subprocess.CompletedProcess[str]:
        ended = by_apvpython(directory)
        for path in directory.glob("*.png"):
            with Image.open(path) as image:
                pictures[path.stem] = (image.size, len(image.convert("RGB").getcolors(1 << 20) or ()))
        return ended

    assert measured("apvpython", run, numbers).value > 0
    assert {name: found[:2] for name, found in numbers.found.items()} == IN_PARAVIEW
    assert sorted(pictures) == ["clipped", "glyphs", "isosurfaces", "tubes", "warped"]
    assert all(size == (800, 600) and colors > 100 for size, colors in pictures.values()), pictures


def ended(code: int = 0, output: str = '{"Clip": [8, 1, [0.5]]}', pictures: int = 5) -> Any:
    def run(directory: Path) -> subprocess.CompletedProcess[str]:
        for number in range(pictures):
            (directory / f"{number}.png").write_bytes(b"x")
        return subprocess.CompletedProcess([], code, output, "what it said")

    return run


def test_what_fails_or_gives_something_else_has_no_time() -> None:
    numbers = Numbers()
    assert isinstance(measured("first", ended(), numbers), Sample)
    assert isinstance(measured("again", ended(output='{"Clip": [8, 1, [0.5000001]]}'), numbers), Sample)
    for run, told in (
        (ended(code=1), "third ended with 1: .*what it said"),
        (ended(output='{"Clip": [9, 1, [0.5]]}'), r"third gives other numbers.*Clip: \[8, 1, \[0.5\]\] and \[9, 1"),
        (ended(output='{"Clip": [8, 1, [0.5]], "Slice": [1, 1, []]}'), "third gives other numbers"),
        (ended(pictures=4), "third has written 4 pictures, not 5"),
    ):
        with pytest.raises(ValueError, match=f"(?s){told}"):
            measured("third", run, numbers)
    assert alike([1.0, [2]], [1.000001, [2]]) and not alike([1.0], [1.1]) and not alike([1.0], [1.0, 2.0])


def test_the_ratio_is_to_pvpython_and_has_a_target() -> None:
    (scenario,) = SCENARIOS
    contenders = scenario.contenders([], None)  # type: ignore[arg-type]  # they are the same for every plan
    samples = {"pvpython": 10_000.0, "apvpython": 6_500.0}
    found = rows(scenario, contenders, {label: summarize([Sample(one)], "ms") for label, one in samples.items()})
    (ours,) = [row for row in found if row["backend"] == "apvpython"]
    assert (ours["ratio"], ours["target"], ours["met"]) == (0.65, 0.7, True)
    samples["apvpython"] = 7_500.0
    found = rows(scenario, contenders, {label: summarize([Sample(one)], "ms") for label, one in samples.items()})
    assert [row["met"] for row in found if row["backend"] == "apvpython"] == [False]


def test_without_paraview_it_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert pvpython.missing() == (
        "pvpython and Xvfb not installed; on Debian: apt-get install --no-install-recommends paraview "
        "python3-paraview xvfb"
    )
    assert main(["scripts"]) == 2
    told = capsys.readouterr().err
    assert told.startswith("python -m bench: there is nothing to compare with: pvpython and Xvfb not installed")
