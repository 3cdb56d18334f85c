"""All charts of a session are drawn in one window: each looks as if it were alone, whatever was drawn before it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from apvserver.vtk.rendering.opengl import create_window
from servermanager import Session, connect

from ..harness.apvtest import in_loop

WIDE = {"ViewSize": [320, 200], "ChartTitle": "the wide one", "LeftAxisTitle": "height"}
NARROW = {"ViewSize": [150, 260], "ChartTitle": "narrow", "Background": [0.9, 0.9, 1.0]}


def chart(session: Session, properties: dict[str, Any], color: tuple[float, float, float]) -> Any:
    line = session.sources.Line(Point1=[0, 0, 0], Point2=[1, 2, 3], Resolution=7)
    view = session.views.XYChartView(**properties)
    session.show(line, view, XArrayName="Points_X", SeriesVisibility=["Points_Z"], SeriesColor=["Points_Z", *color])
    return view


async def picture(view: Any, **options: Any) -> Any:
    return (await view.screenshot(format="rgba", **options)).pixels


async def alone(properties: dict[str, Any], color: tuple[float, float, float], **options: Any) -> Any:
    async with connect(backend="inproc") as session:
        return await picture(chart(session, properties, color), **options)


@in_loop
async def test_charts_share_a_window_and_look_as_if_each_had_its_own(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    red, blue = (1.0, 0.0, 0.0), (0.0, 0.0, 1.0)
    wide, narrow = await alone(WIDE, red), await alone(NARROW, blue)
    clear = await alone(NARROW, blue, transparent=True)
    made: list[str] = []

    def counted(name: str) -> Any:
        made.append(name)
        return create_window(name)

    monkeypatch.setattr("apvserver.vtk.rendering.charts.chart_window.create_window", counted)
    async with connect(backend="inproc") as session:
        one, other = chart(session, WIDE, red), chart(session, NARROW, blue)
        for _ in range(2):
            assert np.array_equal(await picture(one), wide)
            assert np.array_equal(await picture(other), narrow)
        assert np.array_equal(await picture(other, transparent=True), clear)
        await one.export(tmp_path / "wide.svg")
        await other.export(tmp_path / "narrow.svg")
        assert np.array_equal(await picture(one), wide)
        one.delete()
        assert np.array_equal(await picture(other), narrow)
        other.delete()
        assert np.array_equal(await picture(chart(session, WIDE, red)), wide)
    assert len(made) == 2  # the first went with the last of its charts
    pages = [(tmp_path / name).read_text() for name in ("wide.svg", "narrow.svg")]
    assert [("the wide one" in page, "narrow" in page) for page in pages] == [(True, False), (False, True)]
