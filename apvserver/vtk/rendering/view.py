"""What render views and charts have in common: a window off screen, properties, and pictures of it."""

from __future__ import annotations

import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Hashable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Final

import vtkmodules.vtkRenderingOpenGL2  # noqa: F401  registers the OpenGL classes

from async_paraview.names import unknown_name
from async_paraview.scene.views import MAX_SAMPLES, MAX_VIEW_SIZE

from ... import activity
from ..base.associations import Association
from ..base.errors import InvalidProperty, VtkError
from ..base.property_set import PropertySet
from .exports.exported_scene import STYLES, ExportedScene
from .fonts.formulas import drawing
from .fonts.noted import gathered, told
from .images import CameraState, RenderedImage
from .legends.texts import POINTS_PER_INCH
from .opengl import create_window, require_opengl
from .paper import Color, Palette, Paper, paper_of
from .pixels.antialiasing import Accumulator, Pixels, without_background
from .pixels.picking import Hit
from .pixels.readback import Readback

DPI: Final = POINTS_PER_INCH

LEAST_DPI: Final = 9
MOST_DPI: Final = 4800
_SAMPLES_OF_EDGES: Final = 4
"""Of so many drawings a picture without background is at least, so that its edges are partly opaque."""

PLACED: Final = "placed"
FITTED: Final = "fitted"
WAITING: Final = "waiting"


class WrongThread(VtkError, RuntimeError):
    """A view was used on another thread than that which made it."""


class PictureCancelled(VtkError, RuntimeError):
    """Nobody waits any more for a picture that was begun."""


class ViewClosed(VtkError, RuntimeError):
    """A view was used after `close()`."""


def check_dots(dots_per_inch: float) -> None:
    """Raise InvalidProperty for a resolution that no picture has."""
    if not LEAST_DPI <= dots_per_inch <= MOST_DPI:
        raise InvalidProperty(f"a picture has {LEAST_DPI} to {MOST_DPI} dots per inch, not {dots_per_inch:g}")


def check_size(width: int, height: int) -> None:
    """Raise InvalidProperty for a picture that is too large to be drawn, or has no pixels."""
    if not (1 <= width <= MAX_VIEW_SIZE and 1 <= height <= MAX_VIEW_SIZE):
        raise InvalidProperty(f"a picture of {width} x {height} cannot be drawn; each side is 1 to {MAX_VIEW_SIZE}")


class View(ABC):
    """One off-screen window, which belongs to the thread that made it.

    Everything raises `WrongThread` on another thread, because an OpenGL context cannot change threads, and
    `ViewClosed` after `close()`. What a kind of view cannot do raises `InvalidProperty`.
    """

    def __init__(self, properties: PropertySet, owner: str) -> None:
        self._owner = owner
        self._properties = properties
        self._thread = threading.get_ident()
        self._is_closed = False
        self._window: Any = None
        self._asked_scale: float | None = None
        """How many pixels a point has in a picture that is drawn now for another use; None: in none."""
        self._legends_elsewhere: frozenset[str] = frozenset()
        """The names of the color maps whose legends stand beside what is drawn now."""
        self._palette = Palette()
        self._stereo: str | None = None
        """In which stereo type the picture is that is drawn now, "" for none; None: as the properties say."""
        self._has_widgets = True
        """Whether widgets are drawn now."""
        self.updates: Mapping[int, int] = {}
        """By client, the number of the last change of properties that it told; kept for those who make pictures."""

    @property
    def _scale(self) -> float:
        """How many pixels a point has in what is drawn now."""
        return self._asked_scale or self._usual_scale

    @property
    def _usual_scale(self) -> float:
        """How many pixels a point has on the screen that shows the view."""
        return float(self._properties["PPI"]) / DPI

    @property
    def _page_size(self) -> tuple[int, int]:
        """How many points the view is wide and high."""
        width, height = (max(1, round(side / self._usual_scale)) for side in self._properties["ViewSize"])
        return width, height

    @property
    def properties(self) -> Mapping[str, Any]:
        """All properties, read-only."""
        self._require_usable()
        return self._properties.snapshot()

    def seen_properties(self) -> tuple[Mapping[str, Any], str]:
        """Return all properties, with the camera that a picture would show now, and what that camera is.

        PLACED: it stays where it is. FITTED: to what is visible now, the next picture will find out. WAITING: until
        there is something to see. Changes nothing.
        """
        return self.properties, PLACED

    @classmethod
    @abstractmethod
    def check_properties(cls, changes: Mapping[str, object]) -> None:
        """Raise what `set_properties` of a new view would raise."""

    @abstractmethod
    def set_properties(self, changes: Mapping[str, object]) -> None:
        """Change properties, all or none. Raises `UnknownProperty`, `InvalidProperty`."""

    def use_palette(self, palette: Palette) -> None:
        """Draw upon the pages of a palette, and with its inks, from now on."""
        self._require_usable()
        self._palette = palette

    def _paper_of(self, usual: Color, *, transparent: bool = False) -> Paper:
        """Return what is drawn upon; `usual` is the background where neither the view nor the palette has one."""
        return paper_of(self._properties.snapshot(), usual, self._palette, transparent=transparent)

    @abstractmethod
    def add_representation(self, identifier: Hashable, representation: Any) -> None:
        """Show the representation; what had this identifier is removed and released."""

    @abstractmethod
    def remove_representation(self, identifier: Hashable) -> None:
        """Stop showing it and free what it holds. Raises `UnknownRepresentation`."""

    @abstractmethod
    def render(self, *, reduced: bool = False, sample: int = 0) -> RenderedImage:
        """Draw and read the picture back; `reduced` and `sample` as `RenderView.render` says."""

    @property
    def camera(self) -> CameraState | None:
        """The camera that pictures show, if there is one."""
        return None

    @property
    def camera_is_placed(self) -> bool:
        """Whether that camera stays: it was set, or fitted to something."""
        return False

    @property
    def has_level_of_detail(self) -> bool:
        """Whether a reduced drawing differs from a whole drawing."""
        return False

    @property
    def drawn_cells(self) -> int:
        """How many cells a whole drawing has, as far as they say how long it takes."""
        return 0

    @property
    def frame_s(self) -> float:
        """How long one image may take while something moves."""
        return 1.0 / float(self._properties["InteractiveFrameRate"])

    @property
    def samples(self) -> int:
        """How many drawings the mean of a still image is made of."""
        return 1

    @property
    def is_traced(self) -> bool:
        """Whether these drawings are passes along paths of light, of which each shows what no single drawing does."""
        return False

    def move_camera(self, kind: object, numbers: Mapping[str, Any]) -> None:
        """Move the camera. Raises `InvalidProperty`."""
        raise InvalidProperty(f"a {self._owner} has no camera")

    def take_hold(self) -> None:
        """Take that a person begins to move what is seen."""
        self._require_usable()

    def reset_camera(self, direction: str | None = None) -> None:
        """Fit the camera to what is visible. Raises `InvalidProperty`."""
        raise InvalidProperty(f"a {self._owner} has no camera")

    def exported_scene(self) -> ExportedScene:
        """Return what is shown as triangles, lines and points. Raises InvalidProperty for what has none."""
        raise InvalidProperty(f"a {self._owner} is no scene in three dimensions; it is exported as svg, pdf or eps")

    def exported_drawing(
        self,
        dots_per_inch: float,
        style: str,
        palette: Palette | None = None,
        cancelled: Callable[[], str | None] = lambda: None,
    ) -> bytes:
        """Return what is shown as an SVG file, with texts as texts; `style` is one of STYLES.

        What is a picture in it has so many pixels to an inch; `palette` is that of the file. Raises InvalidProperty for
        what cannot be drawn so, and PictureCancelled as soon as it is.
        """

        def go_on() -> None:
            if cancelled():
                raise PictureCancelled("a page was given up before it was drawn")

        self._require_usable()
        check_dots(dots_per_inch)
        if style not in STYLES:
            raise InvalidProperty(unknown_name("way to draw a scene on a page", style, STYLES))
        usual = self._palette
        self._palette, self._has_widgets = palette or usual, False
        try:
            return self._drawing(dots_per_inch / DPI, style, go_on)
        finally:
            self._asked_scale, self._palette, self._has_widgets = None, usual, True

    @abstractmethod
    def _drawing(self, scale: float, style: str, go_on: Callable[[], None]) -> bytes:
        """Return what is shown as an SVG file; a point has `scale` pixels of what is a picture in it.

        `go_on` is called at times, and raises if nobody waits any more.
        """

    def plots(self) -> list[dict[str, Any]]:
        """Return where the plots of a chart are in its picture, and what their axes span, as `operations.render.Plots`.

        Of a view that is none there are none.
        """
        return []

    def pick(self, x: int, y: int) -> tuple[Hashable, Any, Hit] | None:
        """Return what a pixel shows. Raises `InvalidProperty`."""
        raise InvalidProperty(f"in a {self._owner} nothing can be picked")

    def seen(self, rectangle: Sequence[int], association: Association) -> list[tuple[Hashable, Any, Any]]:
        """Return what is seen in a rectangle. Raises `InvalidProperty`."""
        raise InvalidProperty(f"in a {self._owner} nothing can be selected")

    def visible_range(self, identifier: Hashable) -> tuple[float, float] | None:
        """Return the range of the coloring numbers that are seen. Raises `InvalidProperty`."""
        raise InvalidProperty(f"in a {self._owner} nothing is colored by numbers")

    def capture(
        self,
        *,
        size: tuple[int, int] | None = None,
        transparent: bool = False,
        magnification: int = 1,
        dpi: float | None = None,
        samples: int = 1,
        without_legends: Collection[str] = (),
        palette: Palette | None = None,
        stereo: str | None = None,
        widgets: bool = False,
        cancelled: Callable[[], str | None] = lambda: None,
    ) -> RenderedImage:
        """Return a picture other than `render` makes: of another size, without background, of several samples.

        `magnification` multiplies the size, and what is measured in points with it: texts, lines, points, axes; `dpi`
        multiplies these alone, so that there are so many pixels, times the magnification, to 72 points, usually PPI.
        `palette` and `stereo`, a StereoType or "" for none, are those of the picture, and not of the view; legends of
        the color maps of `without_legends` are left out: they stand elsewhere; and widgets, unless `widgets` says
        otherwise. Raises `InvalidProperty` for a size that cannot be drawn, and `PictureCancelled` as soon as it is,
        which is looked at before each sample.
        """
        self._require_usable()
        if not 1 <= samples <= MAX_SAMPLES:
            raise InvalidProperty(f"samples are 1 to {MAX_SAMPLES}, not {samples}")
        (width, height), scale = self._asked(size, magnification, dpi)
        usual = self._palette
        self._asked_scale, self._palette, self._stereo, self._has_widgets = scale, palette or usual, stereo, widgets
        try:
            with gathered() as remarks, self.legends_elsewhere(without_legends):
                pixels, drawing_s = self._captured((width, height), samples, transparent, cancelled)
        finally:
            self._asked_scale, self._palette, self._stereo, self._has_widgets = None, usual, None, True
        return RenderedImage(
            width, height, pixels, self.camera, drawing_s, self.camera_is_placed, DPI * scale, told(list(remarks))
        )

    def _captured(
        self, size: tuple[int, int], samples: int, transparent: bool, cancelled: Callable[[], str | None]
    ) -> tuple[Pixels, float]:
        """Return the pixels of a picture of `capture`, and for how many seconds it was drawn. Raises as that."""
        behind = self._drawn_upon(transparent)
        samples = max(samples, _SAMPLES_OF_EDGES) if len(behind) > 1 else samples
        accumulators, drawing_s = [Accumulator() for _ in behind], 0.0
        for sample in range(1, samples + 1):
            if cancelled():
                raise PictureCancelled(f"a picture of {samples} samples was given up before sample {sample}")
            shifted = sample if samples > 1 else 0
            for color, accumulator in zip(behind, accumulators, strict=True):
                drawing_s += self._draw(size, sample=shifted, transparent=transparent, behind=color)
                accumulator.add(self._readback.pixels(size, alpha=transparent and color is None))
        means = [one.mean() for one in accumulators]
        return (means[0] if len(means) == 1 else without_background(*means)), drawing_s

    def composition(
        self, size: tuple[int, int] | None = None, magnification: int = 1, dpi: float | None = None
    ) -> dict[str, Any]:
        """Return where all stands in a picture of `capture`, as the operation says. Raises `InvalidProperty`."""
        raise InvalidProperty(f"a {self._owner} is no scene with legends and texts beside it")

    def _asked(
        self, size: tuple[int, int] | None, magnification: int, dpi: float | None
    ) -> tuple[tuple[int, int], float]:
        """Return the size of a picture, and how many pixels a point has in it. Raises `InvalidProperty`."""
        width, height = (side * magnification for side in size or self._properties["ViewSize"])
        if magnification < 1:
            raise InvalidProperty(f"a magnification is at least 1, not {magnification}")
        if dpi is not None and not LEAST_DPI <= dpi <= MOST_DPI:
            raise InvalidProperty(f"a picture has {LEAST_DPI} to {MOST_DPI} dots per inch, not {dpi:g}")
        if not (1 <= width <= MAX_VIEW_SIZE and 1 <= height <= MAX_VIEW_SIZE):
            raise InvalidProperty(f"a picture of {width} x {height} cannot be drawn; each side is 1 to {MAX_VIEW_SIZE}")
        return (width, height), magnification * (self._usual_scale if dpi is None else dpi / DPI)

    def _drawn_upon(self, transparent: bool) -> tuple[Color | None, ...]:
        """Return upon which colors a picture is drawn, one after the other; None: upon the view's own background."""
        return (None,)

    @contextmanager
    def legends_elsewhere(self, color_maps: Collection[str]) -> Iterator[None]:
        """Leave out the legends of some color maps: they stand beside what is drawn meanwhile."""
        self._legends_elsewhere = frozenset(color_maps)
        try:
            yield
        finally:
            self._legends_elsewhere = frozenset()

    def _render_window(self) -> float:
        """Draw what was arranged, and tell for how many seconds."""
        activity.begin(activity.DRAWING, f"drawing a {self._owner}")
        began = time.perf_counter()
        try:
            with drawing():
                self._window.Render()
        finally:
            activity.end(activity.DRAWING)
        return time.perf_counter() - began

    def close(self) -> None:
        """Free the window, its context and all it shows; may be called again. Raises `WrongThread`."""
        if self._is_closed:
            return
        self._require_usable()
        self._release()
        self._close_window()
        self._is_closed = True
        del self._window, self._readback

    @abstractmethod
    def _draw(
        self,
        size: tuple[int, int],
        *,
        reduced: bool = False,
        sample: int = 0,
        transparent: bool = False,
        behind: Color | None = None,
    ) -> float:
        """Draw, and tell for how many seconds; `behind`: of a picture without background, upon which color."""

    @abstractmethod
    def _release(self) -> None:
        """Free all that is shown."""

    def _open(self) -> None:
        """Make the window. Raises `OpenGLUnavailable`."""
        self._window = create_window(require_opengl().window_class)
        self._window.SetOffScreenRendering(True)
        self._readback = Readback(self._window)

    def _close_window(self) -> None:
        """Free the window, of which nothing is left."""
        self._window.Finalize()

    def _require_usable(self) -> None:
        if threading.get_ident() != self._thread:
            here = f"this view belongs to thread {self._thread}, this is thread {threading.get_ident()}"
            raise WrongThread(f"{here}: send the work to the thread that owns the view")
        if self._is_closed:
            raise ViewClosed("this view is closed; make a new one")
