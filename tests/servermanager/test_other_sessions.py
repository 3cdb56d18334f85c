"""Proxies of another session, and deleted ones, are refused: a number means nothing without its session."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from servermanager import PipelineBuilder, RenderViewProxy, Session, connect

from ..harness.apvtest import in_loop


def calls(session: Session, theirs: Session) -> list[Callable[[], Any]]:
    """Everything that takes a proxy, a port, a view, a representation or an object; `theirs` has the same numbers."""
    cone, view = theirs.proxies.find_source("Cone1"), theirs.all_views()[0]
    shown, plane = theirs.all_representations()[0], theirs.proxies.objects()[0]
    own, own_view = session.proxies.sources()[0], session.all_views()[0]
    assert cone is not None and cone.id == own.id and view.id == own_view.id
    chart = theirs.views.XYChartView()
    assert isinstance(view, RenderViewProxy)
    return [
        lambda: session.delete(cone),
        lambda: session.delete(plane),
        lambda: session.recreate(cone),
        lambda: session.show(cone, own_view),
        lambda: session.show(own, view),
        lambda: session.show(own, chart),
        lambda: session.show(shown.source, own_view),
        lambda: session.rows(cone),
        lambda: session.rows(cone.port(0)),
        lambda: session.update_vtk_objects([cone]),
        lambda: session.filters.Shrink(Input=cone),
        lambda: session.filters.vtkCutter(CutFunction=plane),
        lambda: session.proxies.rename(cone, "mine"),
        lambda: session.proxies.copy(cone),
        lambda: session.proxies.name(cone),
        lambda: session.proxies.state(cone),
        lambda: session.proxies.dependents(cone),
        lambda: session.proxies.active.set_source(cone),
        lambda: session.proxies.active.set_view(view),
        lambda: session.proxies.active.select(own, cone),
        lambda: PipelineBuilder(session).remove(cone),
        lambda: session.scene.own(shown),
    ]


async def scene(session: Session, kind: str) -> None:
    source = session.create(kind)
    session.show(source, session.create_view(ViewSize=(30, 30)))
    session.create_object("Plane")
    await source.update_pipeline()


@in_loop
async def test_what_is_of_another_session_is_refused_and_nothing_is_changed(tmp_path: Path) -> None:
    async with connect(backend="inproc") as session, connect(backend="inproc") as theirs:
        await scene(session, "Sphere")
        await scene(theirs, "Cone")
        count = len(session.proxies), len(session.all_representations()), session.undo.labels
        for call in calls(session, theirs):
            with pytest.raises(
                ValueError, match=r"another session: of <Session \d+: inproc, built in>, not of <Session"
            ):
                call()
        cone = theirs.proxies.sources()[0]
        for awaited in (
            session.save_data(tmp_path / "x.vtp", cone),
            session.send_data([1.0], proxy=cone),
            PipelineBuilder(session).add("Shrink", cone),
        ):
            with pytest.raises(ValueError, match="another session"):
                await awaited
        assert (len(session.proxies), len(session.all_representations()), session.undo.labels) == count
        assert (await session.proxies.sources()[0].update_pipeline()).number_of_points == 50


@in_loop
async def test_what_was_deleted_is_refused() -> None:
    async with connect(backend="inproc") as session:
        sphere, view = session.sources.Sphere(), session.create_view(ViewSize=(30, 30))
        shown = session.show(sphere, view)
        await view.ready()
        session.delete(sphere)
        shown.delete()  # it went with its source
        for call in (
            lambda: sphere.update_pipeline(),
            lambda: session.delete(sphere),
            lambda: session.show(sphere, view),
            lambda: session.filters.Shrink(Input=sphere),
            lambda: shown.update(Visibility=True),
        ):
            with pytest.raises(ValueError, match="was deleted"):
                call()
        view.delete()
        for call in (lambda: view.update(ViewSize=(40, 40)), lambda: session.show(session.sources.Cone(), view)):
            with pytest.raises(ValueError, match="was deleted"):
                call()
        assert session.all_views() == [] and session.proxies.active.view is None
