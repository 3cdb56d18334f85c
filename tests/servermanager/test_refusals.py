"""What a server has refused is told by every awaited call until it is set right, and keeps nothing else from work."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from servermanager import RemoteError, Session, connect

from ..harness.apvtest import BACKENDS, in_loop
from ..harness.unchecked import tell_unchecked


@pytest.fixture(params=BACKENDS)
def backend(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def of_a_view(session: Session) -> tuple[Any, Any]:
    view = session.views.RenderView(ViewSize=[40, 30])
    session.show(session.sources.SphereSource(), view)
    return view, view


def of_a_representation(session: Session) -> tuple[Any, Any]:
    view = session.views.RenderView(ViewSize=[40, 30])
    return view, session.show(session.sources.SphereSource(), view)


def of_a_chart(session: Session) -> tuple[Any, Any]:
    chart = session.views.XYChartView(ViewSize=[80, 60])
    return chart, chart


def of_a_series(session: Session) -> tuple[Any, Any]:
    chart = session.views.XYChartView(ViewSize=[80, 60])
    return chart, session.show(session.sources.SphereSource(), chart)


CASES: list[tuple[Callable[[Session], tuple[Any, Any]], dict[str, Any], dict[str, Any], dict[str, Any]]] = [
    (of_a_view, {"Background": [2, 0, 0]}, {"StillSamples": 3}, {"Background": [1, 0, 0]}),
    (of_a_view, {"AdditionalLights": [[0, 0]]}, {"StillSamples": 3}, {"AdditionalLights": []}),
    (of_a_view, {"Texts": [{"FontSize": 9000}]}, {"StillSamples": 3}, {"Texts": [{"FontSize": 9}]}),
    (of_a_representation, {"Opacity": "much"}, {"Ambient": 0.5}, {"Opacity": 0.5}),
    (of_a_representation, {"TitleColor": "red"}, {"ScalarBarVisibility": True}, {"TitleColor": [1, 0, 0]}),
    (of_a_representation, {"FeatureAngle": 999}, {"Ambient": 0.5, "TubeRadius": 2.0}, {"FeatureAngle": 9}),
    (of_a_chart, {"LegendLocation": "Middle"}, {"ChartTitle": "title"}, {"LegendLocation": "TopLeft"}),
    (of_a_series, {"ChartType": "Pie"}, {"Visibility": True}, {"ChartType": "Bar"}),
]


@in_loop
async def test_it_is_told_whatever_else_is_set_until_it_is_set_right(backend: str, subtests: Any) -> None:
    async with connect(backend=backend) as session:
        for make, wrong, other, right in CASES:
            with subtests.test(str(wrong)):
                view, target = make(session)
                await view.screenshot()
                tell_unchecked(target, **wrong)
                for _ in range(2):
                    for awaited in (view.ready, view.screenshot):
                        with pytest.raises(RemoteError, match=next(iter(wrong))):
                            await awaited()
                    target.update(**other)
                target.update(**right)
                await view.ready()
                await view.screenshot()
                view.delete()


@pytest.mark.parametrize("make", [of_a_representation, of_a_series])
@in_loop
async def test_what_is_deleted_has_nothing_refused_any_more(make: Any) -> None:
    async with connect(backend="inproc") as session:
        view, target = make(session)
        tell_unchecked(target, Colour=[1, 0, 0])
        with pytest.raises(RemoteError, match="Colour"):
            await view.ready()
        other = session.views.RenderView(ViewSize=[40, 30])
        await other.screenshot()  # of another view it is not told
        target.delete()
        await view.screenshot()


@in_loop
async def test_what_is_right_is_set_beside_what_is_wrong() -> None:
    async with connect(backend="inproc") as session:
        view, shown = of_a_representation(session)
        tell_unchecked(view, Background=[1, 0, 0], Backgroundd=[0, 1, 0])
        tell_unchecked(shown, Visibility=False, Opacity="much")
        with pytest.raises(RemoteError, match="Backgroundd"):
            await view.screenshot()
        assert (await view.properties())["Background"] == [1.0, 0.0, 0.0]
        async with view.images(format="rgb") as images:
            image = await anext(images)
        assert np.unique(image.pixels.reshape(-1, 3), axis=0).tolist() == [[255, 0, 0]]  # nothing but background


@in_loop
async def test_what_is_wrong_only_beside_another_is_set_when_that_is_set() -> None:
    async with connect(backend="inproc") as session:
        chart, _ = of_a_chart(session)
        chart.update(LeftAxisUseCustomRange=True, LeftAxisRangeMinimum=5.0)  # above the maximum, 1
        with pytest.raises(RemoteError, match="must be below"):
            await chart.screenshot()
        chart.update(LeftAxisRangeMaximum=9.0)
        await chart.screenshot()
        found = await chart.properties()
        assert [found[f"LeftAxisRange{end}"] for end in ("Minimum", "Maximum")] == [5.0, 9.0]


@in_loop
async def test_an_unknown_name_is_taken_back_by_the_one_that_was_meant_or_by_none() -> None:
    async with connect(backend="inproc") as session:
        view, shown = of_a_representation(session)
        for target, wrong, other, right in (
            (view, {"BackGround": [1, 0, 0]}, {"StillSamples": 2}, {"Background": [1, 0, 0]}),
            (view, {"Backgroundd": [1, 0, 0]}, {"StillSamples": 2}, {"Backgroundd": None}),
            (shown, {"qqq": None}, {"Opacity": 0.5}, {"qqq": None}),  # it resembles none
        ):
            tell_unchecked(target, **wrong)
            target.update(**other)
            with pytest.raises(RemoteError, match=next(iter(wrong))):
                await view.screenshot()
            tell_unchecked(target, **right)
            await view.screenshot()
        tell_unchecked(shown, Opacityy=0.5)
        tell_unchecked(shown, Opacity="much")
        with pytest.raises(RemoteError, match="Opacity = 'much'"):
            await view.screenshot()


@in_loop
async def test_a_camera_that_was_refused_does_not_come_back_after_it_was_moved_otherwise() -> None:
    async with connect(backend="inproc") as session:
        view, _ = of_a_view(session)
        view.update(CameraPosition=[0, 0, 5], CameraFocalPoint=[0, 0, 0])
        moves: tuple[Callable[[], None], ...] = (lambda: view.reset_camera("-Z"), lambda: view.pan(0.1, 0.1))
        for move in moves:
            view.update(CameraPosition=(await view.properties())["CameraFocalPoint"])
            with pytest.raises(RemoteError, match="must differ"):
                await view.screenshot()
            move()
            moved = (await view.properties())["CameraPosition"]
            view.update(Background=[0, 0, 0])
            with pytest.raises(RemoteError, match="must differ"):
                await view.screenshot()  # it is told, and not tried any more
            assert (await view.properties())["CameraPosition"] == moved
            view.update(CameraPosition=moved)
            await view.screenshot()


@in_loop
async def test_a_step_of_a_movement_that_is_refused_keeps_no_other_from_being_made() -> None:
    async with connect(backend="inproc") as session:
        view = session.views.RenderView(ViewSize=[40, 30], CameraPosition=[0, 0, 5], CameraFocalPoint=[0, 0, 0])
        session.show(session.sources.SphereSource(), view)
        await view.screenshot()
        for factor in (2.0, -1.0, 2.0):
            view.zoom(factor)
        assert (await view.properties())["CameraPosition"] == [0.0, 0.0, 1.25]


@in_loop
async def test_one_representation_that_fails_fails_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    from apvserver.vtk.geometry import extraction

    def too_large(*_: object) -> object:
        raise MemoryError("the outline could not be allocated")

    async with connect(backend="inproc") as session:
        view, other = (session.views.RenderView(ViewSize=[40, 30], Background=[0, 0, 0]) for _ in range(2))
        ball, cone = session.sources.SphereSource(), session.sources.ConeSource()
        session.show(ball, view, Representation="Outline")
        beside = session.show(ball, view)
        session.show(cone, other)
        await view.ready()
        monkeypatch.setattr(extraction, "KINDS", {**extraction.KINDS, "Outline": too_large})
        ball.Radius, cone.Height = 0.1, 3.0
        before = (await other.screenshot(format="rgb")).pixels
        with pytest.raises(RemoteError, match="the outline could not be allocated"):
            await view.ready()
        monkeypatch.undo()
        ball.Radius, cone.Height = 0.2, 1.0
        await view.ready()  # it is tried again
        assert (before != (await other.screenshot(format="rgb")).pixels).any()
        assert beside.view is view


@in_loop
async def test_what_is_right_is_extracted_beside_what_is_wrong_though_nobody_awaits_it() -> None:
    async with connect(backend="inproc") as session:
        view, shown = of_a_representation(session)
        view.update(StillSamples=1)
        whole = (await view.screenshot(format="rgb")).pixels
        async with view.images(format="rgb") as images:
            await anext(images)
            tell_unchecked(shown, Representation="Outline", Color=[1, 1, 1], FeatureAngle=999)
            async for image in images:
                if ((image.pixels != whole).any(axis=2)).sum() > 20:
                    break  # the middle of the ball is background
        with pytest.raises(RemoteError, match="FeatureAngle"):
            await view.ready()
