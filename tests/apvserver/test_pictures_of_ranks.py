"""What several ranks draw is what one draws: large surfaces each by the rank that has it, all else by rank 0."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

from .test_ranks import RANKS, has_mpi, open_session

pytestmark = pytest.mark.skipif(not has_mpi(), reason="mpi4py or mpiexec is not installed (async-paraview[mpi])")

SIZE = [240, 180]
Show = Callable[[Any, Any], Any]


@pytest.fixture(scope="module")
def one() -> Iterator[Any]:
    with open_session(1) as session:
        yield Drawn(session)


@pytest.fixture(scope="module", params=RANKS)
def several(request: pytest.FixtureRequest) -> Iterator[Any]:
    with open_session(request.param) as session:
        yield Drawn(session)


class Drawn:
    """A session with sources that are large enough to be drawn in pieces."""

    def __init__(self, session: Any) -> None:
        self.session = session
        wavelet = session.sources.Wavelet(WholeExtent=[-45, 45, -45, 45, -45, 45])
        self.surface = session.filters.Contour(Input=wavelet, Isosurfaces=[130.0909, 157.0909, 190.5])
        flat = session.sources.Wavelet(WholeExtent=[-120, 120, -120, 120, -6, 6])
        self.slice = session.filters.Slice(Input=flat)
        self.slice.SliceType.Origin, self.slice.SliceType.Normal = [0.0, 0.0, 4.5], [0.0, 0.0, 1.0]

        self.view = session.views.RenderView(ViewSize=SIZE)

    def drawing(self) -> dict[str, int]:
        """How many ranks draw, and how often they did."""
        found: dict[str, int] = self.view.capabilities()["drawing"]
        return found


def surface(drawn: Any, view: Any) -> Any:
    return drawn.session.show(drawn.surface, view)


def colored(drawn: Any, view: Any) -> Any:
    shown = surface(drawn, view)
    shown.ColorBy = ["POINTS", "RTData"]
    return shown


def with_edges(drawn: Any, view: Any) -> Any:
    shown = surface(drawn, view)
    shown.Representation = "Surface With Edges"
    shown.EdgeColor = [1.0, 0.0, 0.0]
    return shown


def moved(drawn: Any, view: Any) -> Any:
    shown = colored(drawn, view)
    shown.Orientation, shown.Scale, shown.Position = [20.0, 30.0, 40.0], [1.0, 0.5, 2.0], [5.0, 6.0, 7.0]
    shown.Specular, shown.BackfaceRepresentation = 0.5, "Cull Backface"
    return shown


def on_one_rank(drawn: Any, view: Any) -> Any:
    """A slice that only the last rank has a piece of."""
    return drawn.session.show(drawn.slice, view)


def with_lights(drawn: Any, view: Any) -> Any:
    view.UseLightKit = False
    view.AdditionalLights = [drawn.session.lights.Light(Position=[100.0, 20.0, 30.0], Intensity=0.8)]
    return surface(drawn, view)


def among_others(drawn: Any, view: Any) -> Any:
    """With what rank 0 draws before, within and behind it: something translucent, lines, axes, a text."""
    shown = colored(drawn, view)
    filters = drawn.session.filters
    around = drawn.session.show(drawn.session.sources.Sphere(Radius=60.0, ThetaResolution=30), view)
    around.Opacity = 0.4
    drawn.session.show(filters.Outline(Input=drawn.surface), view)
    view.AxesGridVisibility = True
    return shown


COMPOSITED: list[Show] = [surface, colored, with_edges, moved, on_one_rank, among_others]


def picture(drawn: Any, show: Show, **options: Any) -> Any:
    """The pixels of a new view, and how often the ranks have drawn it."""
    view = drawn.session.views.RenderView(ViewSize=SIZE)
    show(drawn, view)
    view.reset_camera()
    view.rotate(0.2, 0.1)
    pixels = np.asarray(view.screenshot(**options).pixels)
    view.delete()
    return pixels


def assert_alike(found: Any, expected: Any) -> None:
    """Nothing differs but pixels where surfaces meet: one in a thousand, and those by little."""
    assert found.shape == expected.shape
    assert expected.std() > 10
    differ = (found != expected).any(axis=2)
    assert differ.mean() <= 0.001, f"{differ.sum()} pixels differ"


@pytest.mark.parametrize("show", COMPOSITED, ids=lambda show: show.__name__)
def test_each_rank_draws_its_own(show: Show, one: Any, several: Any) -> None:
    expected, before = picture(one, show), several.drawing()["composited"]
    found = picture(several, show)
    assert several.drawing()["composited"] > before
    assert_alike(found, expected)
