"""Scripts for pvpython run unchanged: the numbers are ParaView's, and the pictures alike."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from ..harness.apvtest import Server, apvpython
from ..harness.pvpython import FACTS, PICTURES, SCRIPTS, Pixels, coarse, distance, drawn, kept, numbers_of, overlap

CHARTS = {"charts", "plots"}
"""Scripts whose picture is a chart with one red curve."""
LEAST_OVERLAP = 0.85
"""Of what is drawn in either picture, so much is drawn in both; the rest is edges, and the axes in the corner, which
are larger here in small pictures, so that their letters are whole."""
MOST_DISTANCE = 0.06
"""So far apart are colors, on the average, of what is drawn: edges are smoothed otherwise."""


def facts() -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = json.loads(FACTS.read_text(encoding="utf-8"))["scripts"]
    return found


def red(picture: Pixels) -> Any:
    """Where a picture is red."""
    return picture[:, :, 0] - picture[:, :, 2] > 0.08


def curve(picture: Pixels) -> tuple[int, Any]:
    """In how many columns a picture is red, and how far down it is at 50 places from the first to the last of them."""
    where = red(picture)
    columns = np.flatnonzero(where.any(axis=0))
    rows = [int(np.flatnonzero(where[:, column]).max()) for column in columns]
    return len(columns), np.interp(np.linspace(columns[0], columns[-1], 50), columns, rows)


def check_curve(expected: Pixels, made: Pixels) -> None:
    """Check that a red curve runs as expected, along all of it; frames and letters are drawn a little otherwise."""
    (wide, theirs), (our_width, ours) = curve(expected), curve(made)
    assert abs(wide - our_width) < 0.1 * wide
    assert np.corrcoef(theirs, ours)[0, 1] > 0.98
    assert np.abs(theirs - ours).max() <= 6


def alike(ours: Any, theirs: Any) -> bool:
    """Whether two values are the same, numbers but for what single precision leaves."""
    if isinstance(theirs, dict):
        return ours.keys() == theirs.keys() and all(alike(ours[key], one) for key, one in theirs.items())
    if isinstance(theirs, list):
        return len(ours) == len(theirs) and all(alike(one, other) for one, other in zip(ours, theirs, strict=True))
    if isinstance(theirs, float):
        return bool(ours == pytest.approx(theirs, rel=1e-5, abs=1e-5))
    return bool(ours == theirs)


def test_there_are_facts_of_each_script() -> None:
    assert {one.stem for one in SCRIPTS} == set(facts()) and len(SCRIPTS) >= 24


@pytest.mark.parametrize(
    "script",
    [
        pytest.param(one, id=one.stem, marks=pytest.mark.deep if number % 2 else ())
        for number, one in enumerate(sorted(SCRIPTS))
    ],
)
def test_a_script_gives_what_it_gives_in_paraview(script: Path, tmp_path: Path) -> None:
    ended = apvpython(str(script), str(tmp_path), deadline_s=100, APV_COMMUNICATION_BACKEND="inproc")
    assert (ended.code, ended.errors) == (0, ""), ended
    ours, theirs = numbers_of(ended.output), facts()[script.stem]
    assert {key: ours.get(key) for key in theirs if not alike(ours.get(key), theirs[key])} == {}
    for picture in PICTURES.glob(f"{script.stem}*.png"):
        expected, made = kept(picture), coarse(tmp_path / picture.name)
        assert made.shape == expected.shape and drawn(made).any()
        if script.stem in CHARTS:
            check_curve(expected, made)
        else:
            assert overlap(expected, made) > LEAST_OVERLAP, picture.name
            assert distance(expected, made) < MOST_DISTANCE, picture.name


def test_pictures_that_differ_are_told_apart() -> None:
    spheres, glyphs = kept(PICTURES / "animation_last.png"), kept(PICTURES / "layouts_left.png")
    assert overlap(spheres, glyphs) < 0.7
    turned = kept(PICTURES / "slices_and_clips.png")[:, ::-1]
    assert overlap(kept(PICTURES / "slices_and_clips.png"), turned) < LEAST_OVERLAP
    chart = kept(PICTURES / "charts.png")
    with pytest.raises(AssertionError):
        check_curve(chart, np.roll(chart, 8, axis=0))
    with pytest.raises(AssertionError):
        check_curve(chart, chart[:, ::-1])
    other = kept(PICTURES / "states.png")[:, :, ::-1]
    assert distance(kept(PICTURES / "states.png"), other) > MOST_DISTANCE


@pytest.mark.parametrize("name", ["thresholds", "groups"])
def test_a_script_runs_at_a_server_elsewhere(name: str, tmp_path: Path) -> None:
    script = next(one for one in SCRIPTS if one.stem == name)
    with Server("zmq") as server:
        ended = apvpython("--server-url", server.url, str(script), str(tmp_path), deadline_s=100)
    assert (ended.code, ended.errors) == (0, ""), ended
    assert alike(numbers_of(ended.output), facts()[name])


def test_what_a_script_asks_for_and_is_not_there_is_told_with_its_line(tmp_path: Path) -> None:
    script = tmp_path / "wrong.py"
    script.write_text("from paraview.simple import *\nsphere = Sphere()\nsphere.Radios = 2.0\n")
    ended = apvpython(str(script))
    assert ended.code == 1
    assert "line 3, in <module>" in ended.errors and "did you mean Radius?" in ended.errors
    script.write_text("import paraview.simple\nimport paraview.web\n")
    ended = apvpython(str(script))
    assert ended.code == 1 and "there is no 'paraview.web' here" in ended.errors
    ended = apvpython("-c", "from paraview.simple import Sphere, Contor")
    assert ended.code == 1 and "Contor" in ended.errors


@pytest.mark.anew
def test_nothing_of_it_is_loaded_before_it_is_asked_for() -> None:
    ended = apvpython("-c", "import sys\nprint([one for one in sys.modules if one.startswith('servermanager.simple')])")
    assert ended.output == "[]\n", ended
