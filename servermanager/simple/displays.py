"""Showing outputs in views, as ParaView does: what is shown of which data, and what colors it."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Final

import numpy as np

from async_paraview.information import DataInformation
from async_paraview.scene.representations import IN_FRONT, ROUND, UNLIT, is_lit
from services_core import RemoteError

from ..ui.usual_look import usual_look
from ..views.representation import RepresentationProxy
from ..views.text import TextProxy
from .current import a_source, a_view, give, nearest, port_of, run, session, when_gone
from .functions.textures import path_of, texture_at
from .functions.two_dimensions import InTwoDimensions
from .proxies import Scripted, set_all
from .views import CreateView
from .views import shown as represented

_TEXTS: Final = frozenset({"Text", "TextSource"})
"""Sources that are a text, which a view has of its own."""
_COMPONENTS: Final = ("X", "Y", "Z")
_SHARED: Final = frozenset({"ScalarOpacityFunction", "UseSeparateColorMap"})
"""What a representation has beside its definition: what it shares with others."""
_OF_THE_DATA: Final = frozenset({"ScaleFactor", "GaussianRadius"})
"""Lengths that ParaView takes from the box around the data."""
_STEPS: Final = 2048
"""So many numbers of single precision lie between both ends of what colors span, at least."""
_SMALLEST: Final = float(np.finfo(np.float32).tiny) / _STEPS


class ScriptedRepresentation(InTwoDimensions, Scripted):
    """How an output is shown, by the names of ParaView's."""

    __slots__ = ()
    _meant: ClassVar[Mapping[str, str]] = {
        "ColorArrayName": "ColorBy",
        "DiffuseColor": "Color",
        "AmbientColor": "Color",
        "Use2DTransferFunction": "UseTransfer2D",
    }

    def take_boxes(self, boxes: Any) -> None:
        """Color a volume by these boxes of two numbers."""
        self._face.write(self._target, "TransferFunction2D", {"Boxes": list(boxes)})

    def _set(self, name: str, value: Any) -> None:
        if name in _SHARED:
            self._face.write(self._target, name, value)
            return
        if name in _OF_THE_DATA and isinstance(value, (int, float)) and value < 0.0:
            told = f"{name} = {value:g} is what ParaView has for data without points: it follows the data"
            warnings.warn(told, UserWarning, stacklevel=4)
            return
        super()._set(name, path_of(value) if name == "Texture" else value)
        if name == "Representation" or (name in ROUND.values() and ROUND.get(self.Representation) == name):
            self.update(Lighting=is_lit(self.Representation, lambda rounding: bool(getattr(self, rounding))))

    def _get(self, name: str) -> Any:
        if name in _SHARED:
            return self._face.read(self._target, name)
        return texture_at(super()._get(name)) if name == "Texture" else super()._get(name)

    def data_bounds(self) -> tuple[float, ...] | None:
        """Return the box around the data that it shows, None if it cannot be made or has no places."""
        source = self.source
        try:
            found: tuple[float, ...] | None = source.proxy._information_now(source.port).bounds
        except RemoteError:
            return None  # whoever waits for the view is told
        return found

    def SetRepresentationType(self, kind: str) -> None:
        """Show it as "Surface", "Wireframe", ..."""
        self.Representation = kind

    def SetScalarBarVisibility(self, view: Any, visible: Any) -> bool:
        """Show the legend of its colors, or hide it; returns whether there is one."""
        legend = run(self, lambda target: target.scalar_bar)
        if legend is not None:
            legend.Visibility = bool(visible)
        return legend is not None

    def IsScalarBarVisible(self, view: Any) -> bool:
        """Return whether the legend of its colors is shown."""
        legend = run(self, lambda target: target.scalar_bar)
        return legend is not None and bool(legend.Visibility)

    def RescaleTransferFunctionToDataRange(self, extend: Any = False, force: Any = True) -> bool:
        """Have the colors of its array span its numbers as they are now; returns whether anything is colored.

        With `extend` they span what they did as well. Unless `force` nothing is done where the mode of the colors is
        "Never".
        """
        found, colors = _numbers(self), self.LookupTable
        if colors is None or (not force and colors.AutomaticRescaleRangeMode == "Never"):
            return False
        if found is not None:
            before = colors.chosen_range() if extend else None
            low, high = found if before is None else (min(before[0], found[0]), max(before[1], found[1]))
            colors.update(ScalarRange=[low, max(high, _above(low))])
        return True

    def RescaleTransferFunctionToVisibleRange(self, view: Any = None) -> bool:
        """Have the colors span the numbers that are seen; returns whether anything is."""
        return run(self, lambda target: target.rescale_to_visible_range()) is not None

    def RescaleTransferFunctionToDataRangeOverTime(self) -> bool:
        """Have the colors span the numbers of all times; returns whether there are any."""
        return run(self, lambda target: target.rescale_over_times()) is not None

    def SetScalarColoring(self, name: str | None, association: int | str = 0, component: int | None = None) -> None:
        """Have an array color it, of points (0) or cells (1); None: no array does."""
        where = {0: "POINTS", 1: "CELLS"}.get(association, association) if isinstance(association, int) else association
        ColorBy(self, None if not name else (where, name) if component is None else (where, name, component))

    def GetUsingScalarColoring(self) -> bool:
        """Return whether an array colors it."""
        return bool(self.ColorBy)


give(RepresentationProxy, ScriptedRepresentation)


class ScriptedText(Scripted):
    """The text of a source in front of a view, by the names of ParaView's."""

    __slots__ = ()

    @property
    def Visibility(self) -> int:
        """Return 1 if it is seen, else 0. Raises AttributeError for a text of no source."""
        return int(_of_source(self).visible)

    @Visibility.setter
    def Visibility(self, visible: Any) -> None:
        of = _of_source(self)
        of.visible = bool(visible)
        self.Text = of.source.Text if of.visible else ""


give(TextProxy, ScriptedText)


@dataclass(eq=False)
class _ShownText:
    """Which text stands for which source in which view."""

    view: Any
    source: Any
    text: Any
    visible: bool = True

    def is_there(self) -> bool:
        """Return whether its view still has it."""
        return self.view in session().all_views() and self.text in self.view.texts

    def follow(self, name: str, value: Any) -> None:
        """Have the text say what the source does. Called in the session's loop when a property of that was set."""
        shown: TextProxy = self.text._target
        if name == "Text" and self.visible and shown.is_held():
            with shown.session.undo.paused():
                shown.Text = value if isinstance(value, str) else ""


_texts: Final[list[_ShownText]] = []
when_gone(_texts.clear)


def _of_source(text: ScriptedText) -> _ShownText:
    for one in _texts:
        if one.text is text:
            return one
    raise AttributeError(
        f"{text!r} is of no source that could be hidden: view.texts has it, text.delete() takes it out"
    )


def _texts_shown(view: Any = None, source: Any = None) -> list[_ShownText]:
    """Return the texts of sources that are there, all or those of a view or of a source."""
    _texts[:] = [one for one in _texts if one.is_there()]
    return [one for one in _texts if (view is None or one.view is view) and (source is None or one.source is source)]


def take_out_texts(source: Any) -> None:
    """Take what stands for a source that is deleted out of all views."""
    for one in _texts_shown(source=source):
        one.text.delete()


def shown(view: Any, proxy: Any) -> Any:
    """Return how an output is shown in a view, as a text if it is one; None if it is not."""
    texts = _texts_shown(view, port_of(proxy)[0])
    return texts[0].text if texts else represented(view, proxy)


def _show_text(source: Any, view: Any) -> Any:
    """Have a view show the text of a source; one that says the same already, as of a state, becomes that of it."""
    taken = [one.text for one in _texts_shown(view)]
    alike = [one for one in view.texts if one not in taken and one.Text == source.Text]
    made = _ShownText(view, source, alike[0] if alike else view.add_text(source.Text))
    _texts.append(made)
    run(source, lambda target: target.watch(made.follow))
    return made.text


def _above(number: float) -> float:
    """Return the end of the colors of what is one number only, as ParaView has it: that number has the first color."""
    return number + _STEPS * max(float(np.spacing(np.float32(abs(number)))), _SMALLEST)


def _numbers(rep: Any) -> tuple[float, float] | None:
    """Return from where to where the numbers go that color something; None if there are none."""
    color_by = rep.ColorBy
    if not color_by:
        return None
    association, name, *component = color_by
    found = rep.source.proxy._information_now(rep.source.port)
    array = next((one for one in found.arrays if (one.association, one.name) == (association, name)), None)
    if array is None:
        return None
    chosen = component[0] if component else "Magnitude"
    if not component and rep.LookupTable.VectorMode == "Component" and array.components > 1:
        chosen = min(int(rep.LookupTable.VectorComponent), array.components - 1)
    span: tuple[float, float] | None = array.range_of(chosen)
    return span


def Show(proxy: Any = None, view: Any = None, representationType: str | None = None, **params: Any) -> Any:
    """Show a source (the active one by default) in a view (the active one; without any, a new render view).

    Returns how it is shown: the same as before if it was; of a source Text that is a text of the view. Raises
    RuntimeError for data that such a view does not show, AttributeError, TypeError, ValueError for what is wrong with
    properties, RemoteError if the source fails.
    """
    proxy = a_source(proxy, "Show")
    view = session().proxies.active.view if view is None else a_view(view, "Show")
    if view is None:
        view = CreateView("RenderView")
    if representationType is not None and not representationType.endswith("Representation"):
        raise ValueError(f"Show: {representationType!r} is no kind of representation, such as GeometryRepresentation")
    there = shown(view, proxy)
    if there is None and port_of(proxy)[0].type_name in _TEXTS and view.type_name == "RenderView":
        there = _show_text(port_of(proxy)[0], view)
    elif there is None:
        there = session().show(proxy, view, **_look(proxy, view, params))
        if view.type_name == "RenderView":
            there.RescaleTransferFunctionToDataRange(True, False)
    elif "Visibility" not in params:
        there.Visibility = True
    set_all(there, params)
    return there


def _look(proxy: Any, view: Any, params: dict[str, Any]) -> dict[str, Any]:
    source, port = port_of(proxy)
    if view.type_name != "RenderView":
        return {}
    if source.type_name in IN_FRONT:
        return {}
    information: DataInformation = source._information_now(port)
    if information.data_type == "vtkTable":
        raise RuntimeError(f"a RenderView does not show the table that {source!r} gives; show it in an XYChartView")
    look = usual_look(information)
    colored = {"ColorArrayName", "ColorBy", "LookupTable"}
    kind = params.get("Representation", look["Representation"])
    chosen = {name: value for name, value in look.items() if name not in params and not colored & params.keys()}
    return {**chosen, "Representation": kind, "Lighting": kind not in UNLIT}


def Hide(proxy: Any = None, view: Any = None) -> None:
    """Hide a source (the active one by default) in a view, the active one by default."""
    there = shown(a_view(view, "Hide"), a_source(proxy, "Hide"))
    if there is not None:
        there.Visibility = False


def ShowAll(view: Any = None) -> None:
    """Show everything in a view that is hidden there."""
    _all_in(a_view(view, "ShowAll"), visible=True)


def HideAll(view: Any = None) -> None:
    """Hide everything in a view."""
    _all_in(a_view(view, "HideAll"), visible=False)


def _all_in(view: Any, *, visible: bool) -> None:
    for one in session().all_representations():
        if one.view is view:
            one.Visibility = visible
    for text in _texts_shown(view):
        text.text.Visibility = visible


def GetRepresentation(proxy: Any = None, view: Any = None) -> Any:
    """Return how a source is shown in a view, both the active ones by default; it is shown if it was not."""
    proxy, view = a_source(proxy, "GetRepresentation"), a_view(view, "GetRepresentation")
    return shown(view, proxy) or Show(proxy, view)


GetDisplayProperties = GetRepresentation


def GetDisplayProperty(*arguments: Any) -> Any:
    """Return a property of how a source is shown: `GetDisplayProperty(source, "Opacity")`."""
    proxy = next((one for one in arguments if not isinstance(one, str)), None)
    return getattr(GetRepresentation(proxy), next(one for one in arguments if isinstance(one, str)))


GetRepresentationProperty = GetDisplayProperty


def LocateView(displayProperties: Any = None) -> Any:
    """Return the view that something is shown in."""
    return (displayProperties if displayProperties is not None else GetRepresentation()).view


def SetDisplayProperties(proxy: Any = None, view: Any = None, **params: Any) -> None:
    """Set properties of how a source is shown in a view."""
    set_all(GetRepresentation(proxy, view), params)


def GetRepresentations() -> dict[tuple[str, str], Any]:
    """Return all that is shown by (name, number)."""
    found = session().all_representations()
    return {(f"{one.type_name}{one._target.id}", str(one._target.id)): one for one in found}


def ColorBy(rep: Any = None, value: Any = None, separate: bool = False) -> None:
    """Have an array color what is shown: ("POINTS", "RTData"), with a component, or None for one color.

    `rep` is that of the active source in the active view by default. Raises ValueError for something that is no array's
    name and place, or for a component that is none.
    """
    rep = rep if rep is not None else GetRepresentation()
    if value is None or (len(value) > 1 and not value[1]):
        rep.update(ColorBy=None)
        return
    if isinstance(value, str):
        value = ("POINTS", value)
    place = {"POINT_DATA": "POINTS", "CELL_DATA": "CELLS", "FIELD": "FIELD"}.get(value[0], value[0])
    wanted = [place, value[1], *(_component(rep, value[1], one) for one in value[2:3])]
    rep.update(ColorBy=[one for one in wanted if one is not None])
    if separate:
        rep.UseSeparateColorMap = True
    rep.RescaleTransferFunctionToDataRange()


def _component(rep: Any, array: str, component: Any) -> int | str | None:
    """Return a component's number, "Magnitude"; None if all of the array is meant."""
    if component is None or isinstance(component, int):
        return component
    name = str(component)
    if name in ("", "Magnitude"):
        return "Magnitude"
    if name in _COMPONENTS:
        return _COMPONENTS.index(name)
    source = rep.source.proxy
    known = [one for one in source._information_now(rep.source.port).arrays if one.name == array]
    for one in known:
        if name in one.component_names:
            return int(one.component_names.index(name))
    if name.isdigit():
        return int(name)
    names = [*_COMPONENTS, "Magnitude", *(each for one in known for each in one.component_names)]
    raise ValueError(f"ColorBy: {array!r} has no component {name!r}{nearest(name, names)}")
