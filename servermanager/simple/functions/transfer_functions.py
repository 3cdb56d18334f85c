"""Color maps, opacity functions and legends that scripts make by themselves, and those of blocks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from ..colors import GetColorTransferFunction, GetOpacityTransferFunction
from ..current import a_view, is_representation, session, when_gone
from ..displays import ColorBy, GetRepresentation
from ..proxies import set_all

_ALL_BLOCKS: Final = frozenset({"/", "/Root", "//*", "/Root/"})
_made: Final[dict[str, int]] = {}
"""How many color maps and functions were made, by what they are called."""

when_gone(_made.clear)


def _new_name(kind: str, known: Any) -> str:
    while True:
        _made[kind] = _made.get(kind, 0) + 1
        name = f"{kind}{_made[kind]}"
        if name not in known:
            return name


def CreateLookupTable(**params: Any) -> Any:
    """Make a color map that is of no array, for what is shown: `display.LookupTable = ...`.

    Raises AttributeError, TypeError, ValueError for what is wrong with its properties.
    """
    made = session().color_maps[_new_name("LookupTable", session().color_maps)]
    set_all(made, params)
    return made


def CreatePiecewiseFunction(**params: Any) -> Any:
    """Make an opacity function that is of no array, for what is shown: `display.ScalarOpacityFunction = ...`."""
    made = session().opacity_functions[_new_name("PiecewiseFunction", session().opacity_functions)]
    set_all(made, params)
    return made


def MakeBlueToRedLT(min: float, max: float) -> Any:
    """Make a color map from blue through all hues to red, over a range."""
    return CreateLookupTable(RGBPoints=[min, 0, 0, 1, max, 1, 0, 0], ColorSpace="HSV")


def CreateScalarBar(**params: Any) -> Any:
    """Show the legend of a color map, LookupTable, in the active view, and return it. Raises ValueError without one."""
    colors = params.pop("LookupTable", None)
    if colors is None:
        raise ValueError("CreateScalarBar: name the color map that it is of, as LookupTable=")
    legend = a_view(None, "CreateScalarBar").scalar_bar(colors)
    set_all(legend, {"Visibility": 1, **params})
    return legend


# --- of blocks


def ColorBlocksBy(
    rep: Any = None, selectors: Sequence[str] | None = None, value: Any = None, separate: bool = False
) -> None:
    """Have an array color all blocks of what is shown. Raises ValueError for some of them.

    Some blocks are colored otherwise by showing them alone: `Show(ExtractBlock(Input=source, Selectors=[...]))`.
    """
    chosen = [selectors] if isinstance(selectors, str) else list(selectors or ())
    others = [one for one in chosen if one not in _ALL_BLOCKS]
    if others:
        raise ValueError(
            f"ColorBlocksBy: {', '.join(others)}: all blocks of what is shown have the colors of one array; show "
            "some by themselves: Show(ExtractBlock(Input=source, Selectors=[...]))"
        )
    shown = rep if rep is not None else GetRepresentation()
    if not is_representation(shown):
        raise TypeError(f"ColorBlocksBy takes what is shown, not {rep!r:.60}")
    ColorBy(shown, value, separate)


def GetBlockColorTransferFunction(
    selector: Any, arrayname: str, representation: Any = None, separate: bool = False, **params: Any
) -> Any:
    """Return the color map of an array, which all blocks share."""
    return GetColorTransferFunction(arrayname, representation, separate, **params)


def GetBlockOpacityTransferFunction(
    selector: Any, arrayname: str, representation: Any = None, separate: bool = False, **params: Any
) -> Any:
    """Return the opacity function of an array, which all blocks share."""
    return GetOpacityTransferFunction(arrayname, representation, separate, **params)
