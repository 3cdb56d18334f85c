"""What `python -m bench figures` measures: figures that both programs draw; an empty picture is no measurement."""

from __future__ import annotations

import shutil
import subprocess
from functools import partial
from pathlib import Path
from typing import Any, Final

import numpy as np
import pytest
from PIL import Image

from bench.cli import main
from bench.figures import SCENARIOS
from bench.figures.whole_process import FIGURES, SIZE, THEIRS, by_apvpython, measured
from bench.reporting.results import rows
from bench.running.sample import Sample, summarize
from bench.scripts import pvpython
from bench.targets import TARGETS

from ..harness.apvtest import pixels
from ..harness.time_limits import scaled

FIGURE: Final = "06_contour_lines"


def test_each_figure_has_a_counterpart_and_a_target() -> None:
    assert len(FIGURES) == 14
    assert sorted(path.stem for path in THEIRS.glob("[01]*.py")) == list(FIGURES)
    assert [one.name for one in SCENARIOS] == [f"figure/{name}" for name in FIGURES]
    bounds = {one.scenario: (one.bound, one.against) for one in TARGETS if one.scenario.startswith("figure/")}
    assert bounds == {f"figure/{name}": (0.5, "pvpython") for name in FIGURES}


def test_a_figure_is_drawn_and_measured() -> None:
    assert 100 < measured("apvpython", FIGURE, partial(by_apvpython, FIGURE)).value < scaled(60) * 1e3


def ended(code: int = 0, size: tuple[int, int] = SIZE, ink: int = 0, name: str = FIGURE) -> Any:
    def run(directory: Path) -> subprocess.CompletedProcess[str]:
        drawn = np.full((size[1], size[0], 3), 255, np.uint8)
        drawn[:ink] = 0
        Image.fromarray(drawn).save(directory / f"{name}.png")
        return subprocess.CompletedProcess([], code, "", "what it said")

    return run


def test_what_fails_or_draws_nothing_has_no_time() -> None:
    assert isinstance(measured("first", FIGURE, ended(ink=20)), Sample)
    for run, told in (
        (ended(code=1), "second ended with 1: what it said"),
        (ended(ink=20, name="other"), f"second has written no {FIGURE}.png: what it said"),
        (ended(ink=3), r"second has drawn upon 0.5% of \(800, 600\) pixels"),
        (ended(size=(300, 200), ink=100), r"second has drawn upon 50.0% of \(300, 200\) pixels"),
    ):
        with pytest.raises(ValueError, match=told):
            measured("second", FIGURE, run)


def test_the_ratio_is_to_pvpython_and_has_a_target() -> None:
    contenders = SCENARIOS[5].contenders([], None)  # type: ignore[arg-type]  # they are the same for every plan
    for took, met in ((2_400.0, True), (2_600.0, False)):
        samples = {label: summarize([Sample(one)], "ms") for label, one in (("pvpython", 5_000.0), ("apvpython", took))}
        (ours,) = [row for row in rows(SCENARIOS[5], contenders, samples) if row["backend"] == "apvpython"]
        assert (ours["ratio"], ours["target"], ours["met"]) == (took / 5_000.0, 0.5, met)


def test_without_paraview_it_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert main(["figures"]) == 2
    assert "there is nothing to compare with: pvpython and Xvfb not installed" in capsys.readouterr().err


@pytest.mark.deep
@pytest.mark.timeout(scaled(600))
@pytest.mark.skipif(pvpython.missing() is not None, reason="ParaView's pvpython and Xvfb are not on PATH")
def test_paraview_draws_them_all_and_where_we_do(tmp_path: Path) -> None:
    with pvpython.x_server() as display:
        for name in FIGURES:
            told = pvpython.run(THEIRS / f"{name}.py", tmp_path, display)
            assert told.returncode == 0, told.stderr
            shutil.move(tmp_path / f"{name}.png", tmp_path / "theirs.png")
            assert by_apvpython(name, tmp_path).returncode == 0
            ours, theirs = (pixels(tmp_path / one).min(axis=2) < 250 for one in (f"{name}.png", "theirs.png"))
            assert 0.3 < theirs.sum() / ours.sum() < 2.0, name
