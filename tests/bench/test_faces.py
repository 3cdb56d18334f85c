"""`python -m bench faces`: its parts by themselves; and, in the deep suite, in a real browser, window and notebook."""

from __future__ import annotations

import asyncio
import importlib.util
import io
import time

import pytest
from PIL import Image

from bench import faces
from bench.cli import main
from bench.faces import browser, recorded_host
from bench.faces.site import Stalls
from bench.faces.web import _rate, _step
from bench.reliability import Figure, Measurement, at_least

from ..harness.apvtest import in_loop


def test_every_figure_of_the_faces_is_measured() -> None:
    names = [one.name for one in faces.measurements()]
    assert names == [
        "desktop", "notebook", "recorded pictures", "start of apvweb", "events in the browser",
        "web: pictures while a filter runs", "one browser that stops reading", "memory of browsers",
    ]  # fmt: skip
    assert [one.name for one in faces.measurements("notebook")] == ["notebook"]


def test_without_a_browser_it_says_what_is_missing(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(browser, "CHROMIUM", None)
    assert main(["faces", "--quick", "--only", "memory"]) == 1
    assert "skipped memory of browsers: there is no chromium in PATH" in capsys.readouterr().out


def test_the_command_tells_targets_and_load(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    made = [Measurement("web", "Waits.", lambda _: iter([Figure("pictures", 0.5, "x", 1, at_least(0.6))]))]
    monkeypatch.setattr(faces, "measurements", lambda _: made)
    assert main(["faces"]) == 0
    told = capsys.readouterr().out
    assert "0 of 1 targets met" in told and "load of the machine" in told and "NO" in told


def test_recorded_pictures_are_jpegs_of_47_kb() -> None:
    made = recorded_host.recorded()
    assert len(set(made)) == recorded_host.PICTURES
    for data in made:
        assert 30_000 < len(data) <= recorded_host.SIZE_BYTES
        with Image.open(io.BytesIO(data)) as picture:
            assert picture.format == "JPEG" and picture.size == recorded_host.SIZE


@in_loop
async def test_of_recorded_pictures_the_newest_is_next() -> None:
    view = recorded_host.RecordedView()
    for sequence in (1, 2, 3):
        view.push(sequence, b"picture")
    assert (await anext(view.images())).sequence == 3
    waiting = asyncio.ensure_future(anext(view.images()))
    await asyncio.sleep(0)
    assert not waiting.done()
    view.push(4, b"picture")
    assert (await waiting).sequence == 4


def test_rates_are_those_between_the_first_and_the_last_picture() -> None:
    assert _rate([0.0, 100.0, 200.0, 300.0]) == pytest.approx(10.0)
    assert _rate([5.0]) == 0.0


def test_what_a_further_browser_takes_is_what_most_have_taken() -> None:
    assert _step([66_600_000, 68_600_000, 70_700_000, 71_000_000]) == 2_000_000
    assert _step([500, 400]) == -100, "less is told as it is"


@in_loop
async def test_a_loop_that_is_held_up_is_seen() -> None:
    async with Stalls() as stalls:
        await asyncio.sleep(0.02)
        time.sleep(0.1)  # noqa: ASYNC251  # that is what is measured
        await asyncio.sleep(0.02)
    assert max(stalls.late_s) > 0.08 and len(stalls.late_s) > 2


@pytest.mark.deep
@pytest.mark.alone
@pytest.mark.skipif(browser.CHROMIUM is None, reason="there is no chromium in PATH to show pages with")
@pytest.mark.parametrize("measurement", faces.measurements(), ids=lambda one: one.name)
def test_each_measurement_measures(measurement: Measurement) -> None:
    if measurement.name == "recorded pictures" and importlib.util.find_spec("trame_rca") is None:
        pytest.skip("trame-rca is not installed (group bench-peers): there is nothing to compare with")
    found = list(measurement.measure(True))
    assert found and all(figure.value >= 0 for figure in found), found
    if measurement.name == "memory of browsers":  # 2 MB, and 150: of the web server alone, and with a worker
        own, total = (figure.value for figure in found)
        assert 0.5 < own < 10 < total < 400
