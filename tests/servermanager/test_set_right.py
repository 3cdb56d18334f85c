"""A refused value of a view, a representation or a text stays refused until it is set right, and no longer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from servermanager import RemoteError, connect

from ..harness.apvtest import BACKENDS, in_loop

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")


@pytest.fixture(params=BACKENDS)
def backend(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def set_to_what_it_was(shown: Any) -> None:
    shown.Representation = "Wireframe"


def set_back(shown: Any) -> None:
    del shown.Representation


def undo(shown: Any) -> None:
    shown.session.undo.undo()


@pytest.mark.parametrize(
    ("right", "then"), [(set_to_what_it_was, "Wireframe"), (set_back, "Surface"), (undo, "Surface")]
)
@in_loop
async def test_a_refused_value_of_both_halves_is_set_right(
    right: Callable[[Any], None], then: str, backend: str
) -> None:
    async with connect(backend=backend) as session:
        view, other = (session.views.RenderView(ViewSize=[60, 40]) for _ in range(2))
        sphere = session.sources.Sphere()
        shown = session.show(sphere, view)
        shown.Representation = "Wireframe"
        shown.update(Representation="Bogus")
        with pytest.raises(RemoteError, match="Bogus"):
            await view.ready()
        right(shown)
        await view.ready()
        assert shown.Representation == then
        session.show(sphere, other, Representation=then)
        assert ((await view.screenshot()).pixels == (await other.screenshot()).pixels).all()


@in_loop
async def test_a_refused_value_of_a_text_is_set_right(backend: str) -> None:
    async with connect(backend=backend) as session:
        view = session.views.RenderView(ViewSize=[60, 40])
        text = view.add_text("x")
        text.FontSize = 20
        text.update(FontSize=-5)
        with pytest.raises(RemoteError, match="FontSize"):
            await view.ready()
        session.undo.undo()
        text.Bold = True
        await view.ready()
        text.update(Colour=[1, 0, 0])
        with pytest.raises(RemoteError, match="Colour"):
            await view.ready()
        text.Color = [1, 0, 0]  # what was meant
        await view.ready()
        told = (await view.properties())["Texts"]
        assert [(one["FontSize"], one["Bold"], one["Color"]) for one in told] == [(18, True, [1.0, 0.0, 0.0])]
