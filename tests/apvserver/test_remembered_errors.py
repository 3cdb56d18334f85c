"""Errors that are remembered keep their texts, and nothing else alive."""

from __future__ import annotations

import gc
from collections.abc import Mapping
from weakref import ref

import numpy as np
import pytest

from apvserver.render import model
from apvserver.render.model import RenderModel
from apvserver.render.refusals import HasProperties, Refusals
from apvserver.vtk.base.errors import ExecutionFailed, FileError, UnknownProperty, afresh
from async_paraview.operations.render import Geometry


def _raised(code: str) -> Exception:
    try:
        exec(code, {"np": np})  # noqa: S102  # ours
    except Exception as error:
        return error
    raise AssertionError(f"{code} raised nothing")


@pytest.mark.parametrize(
    "error",
    [
        _raised(r"b'\xff'.decode()"),
        _raised("compile('1 +', 'script', 'exec')"),
        _raised("open('/there/is/none')"),
        _raised("np.empty(2 ** 60)"),
        _raised("import nothing_of_that_name"),
        _raised("{}['key']"),
        _raised("raise MemoryError('no room for this')"),
        ExecutionFailed(3, "vtkThing", ["it cannot"]),
        UnknownProperty("no Colour", "Color"),
        FileError("a.png: cut off"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_the_text_stays(error: Exception) -> None:
    again = afresh(afresh(error))
    assert str(error) and str(again) == str(error)
    assert type(again) is type(error) and again.__dict__ == error.__dict__
    assert again.__traceback__ is None


class Large:
    """Stands for a packet."""


def test_what_cannot_be_made_keeps_nothing_of_who_asked() -> None:
    refusals = Refusals()

    def make() -> HasProperties:
        raise ValueError("there is no OpenGL")

    def ask(properties: Mapping[str, object]) -> ref[Large]:
        packet = Large()
        with pytest.raises(ValueError, match="no OpenGL"):
            refusals.set(make, properties)
        return ref(packet)

    gc.collect()
    gc.disable()
    try:
        asked = ask({"Opacity": 0.5})
    finally:
        gc.enable()
    assert asked() is None
    assert refusals.first is not None and refusals.first.__traceback__ is None


def test_what_was_deleted_is_remembered_as_long_as_something_may_come_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(model, "MOST_GONE", 100)
    kept = RenderModel()
    for number in range(1000):
        kept.delete_representation(number)
    late = [Geometry(representation=number, view=5000, part="full", piece={}) for number in range(900, 1000)]
    assert [kept.add_geometry(one, []) for one in late] == [False] * 100
    assert 100 <= len(kept._gone) < 100 + 32
    kept.close()
