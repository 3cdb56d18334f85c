"""What a person does in a chart: axes follow the pointer, and rows are selected where they are drawn."""

from __future__ import annotations

import asyncio
import time
from typing import Any

import numpy as np
import pytest

from servermanager import Session, connect
from servermanager.ui.chart_interaction import ChartInteraction, interaction_with
from servermanager.ui.interaction import ViewInteraction
from servermanager.ui.pointing import chart_moves
from servermanager.ui.pointing.events import InputEvent
from servermanager.ui.pointing.happenings import Failed, Happening, Selected
from servermanager.views.chart_view import ChartViewProxy, Plot

from ..harness.apvtest import BACKENDS, in_loop, poll_async
from ..harness.time_limits import scaled

PLOT = Plot((10.0, 20.0, 110.0, 220.0), {"Bottom": (0.0, 10.0), "Left": (1.0, 100.0)}, frozenset({"Left"}))


@pytest.fixture(params=BACKENDS)
def backend(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def test_axes_follow_the_pointer_also_logarithmic_ones() -> None:
    panned = chart_moves.panned(PLOT, (60, 120), (70, 20))
    assert panned == {"Bottom": pytest.approx((-1, 9)), "Left": pytest.approx((0.1, 10))}
    zoomed = chart_moves.zoomed(PLOT, (10, 220), 2.0, 2.0)
    assert zoomed == {"Bottom": pytest.approx((0, 5)), "Left": pytest.approx((1, 10))}
    boxed = chart_moves.boxed(PLOT, (60, 20), (35, 120))
    assert boxed == {"Bottom": pytest.approx((2.5, 5)), "Left": pytest.approx((10, 100))}
    assert chart_moves.zoomed(PLOT, (60, 120), 1e30, 1.0)["Bottom"] == (0.0, 10.0)  # there are no such axes
    assert chart_moves.zoomed(PLOT, (60, 120), 1e-320, 1e-320) == dict(PLOT.axes)


def line(session: Session, **properties: Any) -> ChartViewProxy:
    """A chart of values from 0 to 10 along a line, which rise with its length from 0 to 1."""
    source = session.create("vtkLineSource", Point1=(0, 0, 0), Point2=(1, 0, 0), Resolution=100)
    raised = session.create(
        "vtkElevationFilter", Input=source, LowPoint=(0, 0, 0), HighPoint=(1, 0, 0), ScalarRange=(0, 10)
    )
    chart = session.create_chart(ViewSize=[400, 300], **properties)
    session.show(raised, chart, SeriesVisibility=["Elevation"], XArrayName="Points_X")
    return chart


class Person:
    def __init__(self, view: ChartViewProxy) -> None:
        self.interaction = ChartInteraction(view)
        self.interaction.resize(200, 150, 2.0)
        self.seen: list[Happening] = []
        self.interaction.watch(self.seen.append)

    def does(self, kind: str, x: float, y: float, *held: str, button: str = "left", **more: Any) -> bool:
        """At a place in pixels of the picture."""
        return self.interaction.handle(InputEvent(kind, x / 2, y / 2, button, frozenset(held), **more))

    def drags(self, begin: tuple[float, float], end: tuple[float, float], *held: str, **more: Any) -> None:
        self.does("press", *begin, *held, **more)
        self.does("move", *end, *held, **more)
        self.does("release", *end, *held, **more)


async def spans(view: ChartViewProxy, expected: dict[str, tuple[float, float]]) -> None:
    """Waits until the axes span this."""

    def right(plot: Plot) -> bool:
        return all(np.allclose(plot.axes[name], span, rtol=1e-3, atol=1e-3) for name, span in expected.items())

    until = time.monotonic() + scaled(20)
    while not right(plot := (await view.plots())[0]):
        assert time.monotonic() < until, f"axes span {dict(plot.axes)}, not {expected}"
        await asyncio.sleep(0.01)


@in_loop
async def test_drags_and_wheels_move_the_axes_and_are_no_steps_of_undo(backend: str) -> None:
    async with connect(backend=backend) as session:
        chart = line(session)
        steps = session.undo.labels
        plot = (await chart.plots())[0]
        left, top, right, bottom = plot.area
        assert 0 < left < right < 400 and 0 < top < bottom < 300 and set(plot.axes) == {"Left", "Bottom"}
        assert plot.axes["Bottom"][0] == pytest.approx(0, abs=0.1) and plot.axes["Left"][1] == pytest.approx(10, abs=1)
        person, middle = Person(chart), ((left + right) / 2, (top + bottom) / 2)
        person.drags(middle, (middle[0] + 50, middle[1] - 40))
        await spans(chart, chart_moves.panned(plot, middle, (middle[0] + 50, middle[1] - 40)))
        moved = (await chart.plots())[0]
        person.does("wheel", *middle, notches=2.0, button="")
        await spans(chart, chart_moves.zoomed(moved, middle, 1.21**2, 1.21**2))
        assert person.does("key", 0, 0, key="r", button="")
        await spans(chart, dict(plot.axes))
        person.interaction.mode = "zoom to box"
        person.drags((left + 20, top + 20), (right - 20, bottom - 20))
        await spans(chart, chart_moves.boxed(plot, (left + 20, top + 20), (right - 20, bottom - 20)))
        assert person.interaction.mode == "camera" and session.undo.labels == steps
        assert not [one for one in person.seen if isinstance(one, Failed)]


@in_loop
async def test_a_rectangle_selects_the_rows_that_are_drawn_in_it(backend: str) -> None:
    async with connect(backend=backend) as session:
        chart = line(session)
        plot, person = (await chart.plots())[0], Person(chart)
        left, top, right, bottom = plot.area

        def at(x: float, y: float) -> tuple[float, float]:
            (x0, x1), (y0, y1) = plot.axes["Bottom"], plot.axes["Left"]
            return left + (x - x0) / (x1 - x0) * (right - left), bottom - (y - y0) / (y1 - y0) * (bottom - top)

        person.interaction.mode = "select rows"
        person.drags(at(0.195, 1.0), at(0.405, 3.05))
        selected = await poll_async(lambda: next((one for one in person.seen if isinstance(one, Selected)), None))
        assert selected.kind == "ROWS" and len(selected.outputs) == 1
        found = await session.selections.extract(selected.outputs[0]).fetch()
        np.testing.assert_allclose(np.ravel(found.point_data["Elevation"]), np.arange(2.0, 3.01, 0.1), atol=1e-4)


@in_loop
async def test_charts_without_rows_say_so() -> None:
    async with connect(backend="inproc") as session:
        chart = session.views.XYHistogramChartView(ViewSize=[400, 300])
        session.show(session.create("vtkRTAnalyticSource"), chart, SelectInputArray=("POINTS", "RTData"))
        person = Person(chart)
        person.interaction.mode = "select rows"
        person.drags((150, 100), (250, 200))
        failed = await poll_async(lambda: next((one for one in person.seen if isinstance(one, Failed)), None))
        assert "in charts of curves and points" in str(failed.error)
        box = session.views.ParallelCoordinatesChartView(ViewSize=[100, 100])
        assert await box.plots() == ()
        other = Person(box)
        other.drags((10, 10), (50, 50))
        other.does("wheel", 10, 10, notches=1.0, button="")
        assert isinstance(interaction_with(box), ChartInteraction)
        assert isinstance(interaction_with(session.create_view()), ViewInteraction)
        await box.screenshot()
        assert not other.seen
