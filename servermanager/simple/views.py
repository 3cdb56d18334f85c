"""Views: made, found, shown in, and their cameras."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import Any, ClassVar, Final

from async_paraview.scene.looks.lighting import PARAVIEW_HEAD_RATIO, PARAVIEW_KEY_LIGHT
from async_paraview.scene.views import USUAL_BACKGROUND, WHITE
from services_core import RemoteError

from ..views.view_proxy import ViewProxy
from .cameras import Camera, fitted, united
from .current import a_view, give, nearest, port_of, run, session, when_gone
from .functions.settings import MaterialLibrary
from .functions.textures import texture_at
from .proxies import Scripted, set_all

USUAL_SIZE: Final = [400, 400]
_LIGHT: Final = {"LightKitIntensity": PARAVIEW_KEY_LIGHT, "HeadLightKHRatio": PARAVIEW_HEAD_RATIO}
"""How bright ParaView's lights are."""
_CAMERA: Final = ("CameraPosition", "CameraFocalPoint", "CameraViewUp", "CameraViewAngle", "CameraParallelScale")


class _Usual:
    """What new views have."""

    names: Final[dict[str, Any]] = {}
    """Views by the names that they were given."""
    links: Final[dict[str, tuple[Any, Any]]] = {}
    """Views that have one camera, two by two, by the names of their links."""
    fitted: Final[list[Any]] = []
    """Views whose camera was fitted, or placed."""
    first_render = True
    """Whether the next `Render` fits the camera, also where it was placed, as ParaView's first one does."""


def _begin_anew() -> None:
    _Usual.names.clear()
    _Usual.links.clear()
    _Usual.fitted.clear()
    _Usual.first_render = True


when_gone(_begin_anew)


def _box(arguments: Sequence[Any]) -> list[float] | None:
    """Return the box among the arguments of `ResetCamera`, None if there is none but how close the camera may come."""
    first = arguments[0] if len(arguments) == 1 else arguments[:6]
    if not isinstance(first, Sequence) or not first or any(isinstance(one, bool) for one in first):
        return None
    box = [float(one) for one in first]
    if len(box) != 6 or any(low > high for low, high in zip(box[::2], box[1::2], strict=True)):
        raise ValueError(f"ResetCamera takes xmin, xmax, ymin, ymax, zmin, zmax, not {', '.join(map(str, first))}")
    return box


_PICTURES: Final = frozenset({"BackgroundTexture", "EnvironmentalBGTexture"})
"""Properties of views that are textures."""


_STEREO_TYPES: Final = (
    "Crystal Eyes", "Crystal Eyes", "Red-Blue", "Interlaced", "Left", "Right", "Dresden", "Anaglyph", "Checkerboard",
    "SplitViewportHorizontal",
)  # fmt: skip
"""By ParaView's numbers; 0 stands for none chosen, which pvpython writes."""


class ScriptedView(Scripted):
    """A view, by the names of ParaView's."""

    __slots__ = ()
    _meant: ClassVar[Mapping[str, str]] = {
        "KeyLightIntensity": "LightKitIntensity",
        "UseLight": "UseLightKit",
        "UseAmbientOcclusion": "UseSSAO",
    }

    def _get(self, name: str) -> Any:
        if name in _CAMERA and hasattr(self._target, "camera"):
            self.fit_once()
            with suppress(RemoteError):  # nothing can be rendered: the camera is where it was put
                return run(self, lambda target: target.camera())[name]
        value = super()._get(name)
        if name in _PICTURES:
            return texture_at(value)
        if name == "Background" and value is None:
            usual = USUAL_BACKGROUND if hasattr(self._target, "camera") else WHITE
            return list(session().palette.BackgroundColor or usual)
        return [0.0, 0.0, 0.0] if name == "CenterOfRotation" and value is None else value

    def _set(self, name: str, value: Any) -> None:
        if name == "OSPRayMaterialLibrary" and isinstance(value, MaterialLibrary):
            value = None
        elif name == "StereoType" and isinstance(value, int) and not isinstance(value, bool):
            if not 0 <= value < len(_STEREO_TYPES):
                raise ValueError(f"StereoType = {value}: ParaView's numbers are 0 to {len(_STEREO_TYPES) - 1}")
            value = _STEREO_TYPES[value]
        super()._set(name, value)

    def fit_once(self) -> None:
        """Fit the camera to what is visible, unless it was fitted or placed: the first picture is of all there is."""
        if self not in _Usual.fitted and hasattr(self._target, "camera"):
            placed = run(self, lambda target: "CameraPosition" in target.set_values())
            if placed or self._fit():
                _Usual.fitted.append(self)

    def _fit(self, bounds: Sequence[float] | None = None) -> bool:
        """Fit the camera to a box, else to those of all that is visible; returns whether there is one."""
        if bounds is None:
            shown_here = [one for one in session().all_representations() if one.view is self and one.Visibility]
            bounds = united([box for one in shown_here if (box := one.data_bounds()) is not None])
        if bounds is None:
            return False
        camera = run(self, lambda target: target.properties())
        width, height = camera["ViewSize"]
        self.update(**fitted(bounds, camera, width / height))
        return True

    @property
    def UseColorPaletteForBackground(self) -> int:
        """Return 1 if the background is that of the palette, else 0."""
        asked = self._face.read(self._target, "UseColorPaletteForBackground")
        return int(self._face.read(self._target, "Background") is None if asked is None else asked)

    @UseColorPaletteForBackground.setter
    def UseColorPaletteForBackground(self, flag: Any) -> None:
        self.update(UseColorPaletteForBackground=bool(flag))

    @property
    def ViewTime(self) -> float:
        """Return the time that is shown."""
        return float(session().time or 0.0)

    @ViewTime.setter
    def ViewTime(self, time: float) -> None:
        session().time = time

    def Update(self) -> None:
        """Wait until all is there that is shown. Raises RemoteError."""
        self.fit_once()
        self.ready()

    StillRender = InteractiveRender = Update

    def ResetCamera(self, *bounds: Any, **_options: Any) -> None:
        """Fit the camera to what is visible, or to a box: xmin, xmax, ymin, ymax, zmin, zmax.

        Raises ValueError for other numbers than those six.
        """
        if hasattr(self._target, "camera") and self._fit(_box(bounds)) and self not in _Usual.fitted:
            _Usual.fitted.append(self)

    def GetActiveCamera(self) -> Camera:
        """Return the camera. Raises AttributeError for a chart."""
        if not hasattr(self._target, "camera"):
            raise AttributeError(f"a {self._target.type_name} has no camera")
        return Camera(self)

    def _look(self, direction: list[float], up: list[float]) -> None:
        focal = self.CameraFocalPoint
        place = [one - step for one, step in zip(focal, direction, strict=True)]
        self.update(CameraPosition=place, CameraFocalPoint=focal, CameraViewUp=up)
        self._fit()

    def ResetActiveCameraToPositiveX(self) -> None:
        """Look along +X, Z up."""
        self._look([1.0, 0.0, 0.0], [0.0, 0.0, 1.0])

    def ResetActiveCameraToNegativeX(self) -> None:
        """Look along -X, Z up."""
        self._look([-1.0, 0.0, 0.0], [0.0, 0.0, 1.0])

    def ResetActiveCameraToPositiveY(self) -> None:
        """Look along +Y, Z up."""
        self._look([0.0, 1.0, 0.0], [0.0, 0.0, 1.0])

    def ResetActiveCameraToNegativeY(self) -> None:
        """Look along -Y, Z up."""
        self._look([0.0, -1.0, 0.0], [0.0, 0.0, 1.0])

    def ResetActiveCameraToPositiveZ(self) -> None:
        """Look along +Z, Y up."""
        self._look([0.0, 0.0, 1.0], [0.0, 1.0, 0.0])

    def ResetActiveCameraToNegativeZ(self) -> None:
        """Look along -Z, Y up."""
        self._look([0.0, 0.0, -1.0], [0.0, 1.0, 0.0])

    def ApplyIsometricView(self) -> None:
        """Look from where the three axes look alike, Y up."""
        focal = self.CameraFocalPoint
        self.update(CameraPosition=[one + 1.0 for one in focal], CameraFocalPoint=focal, CameraViewUp=[0.0, 1.0, 0.0])
        self._fit()


give(ViewProxy, ScriptedView)


def _kinds() -> list[str]:
    return [name for name in dir(session().views) if name[:1].isupper()]


def CreateView(view_xml_name: str, detachedFromLayout: bool | None = None, **params: Any) -> Any:
    """Make a view of a kind: "RenderView", "XYChartView", ...; it becomes the active one.

    It is in no layout before AssignViewToLayout. Raises ValueError, with the nearest name, for a kind that is not
    there, AttributeError, TypeError, ValueError for what is wrong with properties.
    """
    kinds = _kinds()
    if view_xml_name == "SpreadSheetView":
        raise ValueError(
            "CreateView: a SpreadSheetView is a table on a screen, and there is none here: servermanager.Fetch(source) "
            "has the numbers, SaveData('name.csv', source) writes them; take what is about the view out of the script"
        )
    if view_xml_name not in kinds:
        raise ValueError(
            f"there are no views of the kind {view_xml_name!r}{nearest(view_xml_name, kinds)} "
            f"There are {', '.join(kinds)}"
        )
    name = params.pop("registrationName", params.pop("guiName", None))
    size = params.pop("ViewSize", USUAL_SIZE)
    made = getattr(session().views, view_xml_name)(ViewSize=list(size))
    if view_xml_name == "RenderView":
        made.update(OrientationAxesVisibility=True, **_LIGHT)
    set_all(made, params)
    session().proxies.active.set_view(made)
    _Usual.names[name or f"{view_xml_name}{len(_Usual.names) + 1}"] = made
    return made


def CreateRenderView(detachedFromLayout: bool = False, **params: Any) -> Any:
    """Make a render view, which becomes the active one."""
    return CreateView("RenderView", detachedFromLayout, **params)


def GetViews(viewtype: str | None = None) -> list[Any]:
    """Return the views, or those of a kind."""
    return [one for one in session().all_views() if viewtype in (None, one.type_name)]


def GetRenderViews() -> list[Any]:
    """Return the render views."""
    return GetViews("RenderView")


def GetRenderView() -> Any:
    """Return the active view if it is a render view, else the first render view, which is made if there is none."""
    active, views = session().proxies.active.view, GetRenderViews()
    return active if active in views else views[0] if views else CreateRenderView()


def GetActiveView() -> Any:
    """Return the active view, None if there is none."""
    return session().proxies.active.view


def SetActiveView(view: Any) -> None:
    """Make a view the active one; None: no view is."""
    session().proxies.active.set_view(None if view is None else a_view(view, "SetActiveView"))


def GetActiveViewOrCreate(viewtype: str) -> Any:
    """Return the active view if it is of that kind, else a new one of it."""
    view = GetActiveView()
    return view if view is not None and view.type_name == viewtype else CreateView(viewtype)


def FindView(name: str) -> Any:
    """Return the view that was given that name, None if none was."""
    there = GetViews()
    return next((one for known, one in _Usual.names.items() if known == name and one in there), None)


def FindViewOrCreate(name: str, viewtype: str) -> Any:
    """Return the view of that name, which is made if there is none."""
    return FindView(name) or CreateView(viewtype, registrationName=name)


def RenameView(newName: str, proxy: Any = None) -> None:
    """Give a view another name."""
    view = a_view(proxy, "RenameView")
    for known in [one for one, held in _Usual.names.items() if held is view]:
        del _Usual.names[known]
    _Usual.names[newName] = view


def SetViewProperties(view: Any = None, **params: Any) -> None:
    """Set properties of a view, the active one by default."""
    set_all(a_view(view, "SetViewProperties"), params)


def GetViewProperties(view: Any = None) -> Any:
    """Return a view, the active one by default: its properties are its attributes."""
    return a_view(view, "GetViewProperties")


def GetViewProperty(*arguments: Any) -> Any:
    """Return a property of a view, of the active one by default."""
    view = next((one for one in arguments if not isinstance(one, str)), None)
    return getattr(a_view(view, "GetViewProperty"), next(one for one in arguments if isinstance(one, str)))


def Render(view: Any = None) -> Any:
    """Wait until all that a view shows is there, and return the view. Raises RemoteError.

    The first time the camera is fitted to what is visible, also if it was placed, unless a state was loaded or
    `_DisableFirstRenderCameraReset` was called.
    """
    view = a_view(view, "Render")
    if _Usual.first_render:
        keep_cameras()
        view.ResetCamera()
    view.Update()
    return view


def keep_cameras() -> None:
    """Have the first `Render` leave cameras that were placed where they are."""
    _Usual.first_render = False


def RenderAllViews() -> None:
    """Wait until all is there that views show: `Render` of each, of which the first one fits the first camera."""
    for one in GetViews():
        Render(one)


def Interact(view: Any = None) -> None:
    """Do what `Render` does: there is no window here that could be interacted in."""
    Render(view)


def ResetCamera(view: Any = None) -> None:
    """Fit the camera of a view, of the active one by default, to what is visible."""
    a_view(view, "ResetCamera").ResetCamera()


def ResetCameraToDirection(
    position: Any = None, direction: Any = None, up: Any = None, view: Any = None, bounds: Any = None
) -> None:
    """Look in a direction, from a place if that is given, and fit the camera to a box, else to what is visible."""
    view = a_view(view, "ResetCameraToDirection")
    place = [0.0, 0.0, 0.0] if position is None else [float(one) for one in position]
    along = [0.0, 0.0, -1.0] if direction is None else [float(one) for one in direction]
    ends = [one + step for one, step in zip(place, along, strict=True)]
    view.update(CameraPosition=place, CameraFocalPoint=ends, **({} if up is None else {"CameraViewUp": list(up)}))
    view.ResetCamera(*(() if bounds is None else bounds))


def GetActiveCamera() -> Camera:
    """Return the camera of the active view."""
    camera: Camera = a_view(None, "GetActiveCamera").GetActiveCamera()
    return camera


def AddCameraLink(viewProxy: Any, viewProxyOther: Any, linkName: str = "") -> str:
    """Have two render views, and what they are linked with, show from one camera, the first one's; returns the name.

    Raises TypeError, ValueError for something else than two different render views.
    """
    one, other = (a_view(view, "AddCameraLink") for view in (viewProxy, viewProxyOther))
    for view in (one, other):
        if not hasattr(view._target, "camera"):
            raise ValueError(f"AddCameraLink: a {view.type_name} has no camera")
    if one is other:
        raise ValueError(f"AddCameraLink takes two views, and not {one!r} twice")
    name = linkName or next(f"CameraLink{at}" for at in range(1, 10**6) if f"CameraLink{at}" not in _Usual.links)
    before = _Usual.links.get(name, ())
    _Usual.links[name] = (one, other)
    _use_links([*before, one, other])
    return name


def RemoveCameraLink(linkName: str) -> None:
    """Have views that were linked by that name move one by one, where no other link holds them. Raises ValueError.

    The name may be that of a link in a state.
    """
    by_state = [one for one in GetRenderViews() if one.CameraLink == linkName != ""]
    if linkName not in _Usual.links and not by_state:
        known = [*_Usual.links, *dict.fromkeys(one.CameraLink for one in GetRenderViews() if one.CameraLink)]
        raise ValueError(
            f"RemoveCameraLink: there is no link {linkName!r}{nearest(linkName, known)} "
            f"There are {', '.join(dict.fromkeys(known)) or 'none'}"
        )
    _use_links(list(_Usual.links.pop(linkName, by_state)))


def _use_links(changed: list[Any]) -> None:
    """Give all views that hang together by links one name, and those that changed and are in none no name."""
    groups: list[tuple[str, list[Any]]] = []
    for name, pair in _Usual.links.items():
        joined = [one for one in groups if any(view in one[1] for view in pair)]
        members = list(dict.fromkeys([*(view for _, held in joined for view in held), *pair]))
        groups = [one for one in groups if one not in joined] + [(joined[0][0] if joined else name, members)]
    there = GetRenderViews()
    linked = {view: name for name, held in groups for view in held}
    for view in dict.fromkeys([*changed, *linked]):
        name = linked.get(view, "")
        if view in there and view.CameraLink != name:
            view.CameraLink = name


def LoadPalette(paletteName: str) -> None:
    """Have the views of the session, and those to come, drawn in the colors that ParaView calls so.

    A view with a Background of its own keeps it. Raises ValueError, with the nearest, for another name.
    """
    session().palette.load(paletteName)


def shown(view: Any, proxy: Any) -> Any:
    """Return how an output is shown in a view, None if it is not."""
    source, port = port_of(proxy)
    for one in session().all_representations():
        if one.view is view and one.source.proxy is source and one.source.port == port:
            return one
    return None


def _chart(kind: str) -> Callable[..., Any]:
    def create(detachedFromLayout: bool = False, **params: Any) -> Any:
        return CreateView(kind, detachedFromLayout, **params)

    create.__doc__ = f"Make a view of the kind {kind}, which becomes the active one."
    return create


CreateXYPlotView = _chart("XYChartView")
CreateBarChartView = _chart("XYBarChartView")
CreateXYPointPlotView = _chart("XYPointChartView")
CreateParallelCoordinatesChartView = _chart("ParallelCoordinatesChartView")
