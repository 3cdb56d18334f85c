"""What render views and charts have in common: a window off screen, properties, and pictures of it."""

from __future__ import annotations

import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import Any, Final

import vtkmodules.vtkRenderingOpenGL2  # noqa: F401  registers the OpenGL classes
from vtkmodules.util.numpy_support import vtk_to_numpy
from vtkmodules.vtkCommonCore import vtkUnsignedCharArray

from async_paraview.scene.views import MAX_SAMPLES, MAX_VIEW_SIZE

from ... import activity
from ..base.associations import Association
from ..base.errors import InvalidProperty, VtkError
from ..base.property_set import PropertySet
from .antialiasing import Accumulator, without_background
from .exports.exported_scene import ExportedScene
from .images import CameraState, RenderedImage
from .legends.texts import POINTS_PER_INCH
from .opengl import create_window, require_opengl
from .paper import Color
from .picking import Hit

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
        self._scale = 1.0
        """How many pixels a point has in what is drawn now."""
        self.updates: Mapping[int, int] = {}
        """By client, the number of the last change of properties that it told; kept for those who make pictures."""

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
    def frame_s(self) -> float:
        """How long one image may take while something moves."""
        return 1.0 / float(self._properties["InteractiveFrameRate"])

    @property
    def samples(self) -> int:
        """How many drawings the mean of a still image is made of."""
        return 1

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
        raise InvalidProperty(f"a {self._owner} is no scene in three dimensions; it is exported as svg or pdf")

    def exported_file(self, format: str) -> bytes:
        """Return what is shown as a file of vectors, "svg" or "pdf". Raises InvalidProperty for what is none."""
        raise InvalidProperty(f"a {self._owner} is not exported as {format}: scenes have no vectors, but triangles")

    def pick(self, x: int, y: int) -> tuple[Hashable, Any, Hit] | None:
        """Return what a pixel shows. Raises `InvalidProperty`."""
        raise InvalidProperty(f"in a {self._owner} nothing can be picked")

    def seen(self, rectangle: Sequence[int], association: Association) -> list[tuple[Hashable, Any, Any]]:
        """Return what is seen in a rectangle. Raises `InvalidProperty`."""
        raise InvalidProperty(f"in a {self._owner} nothing can be selected")

    def visible_range(self, identifier: Hashable) -> tuple[float, float] | None:
        """Return the range of the coloring numbers that are seen. Raises `InvalidProperty`."""
        raise InvalidProperty(f"in a {self._owner} nothing is coloured by numbers")

    def capture(
        self,
        *,
        size: tuple[int, int] | None = None,
        transparent: bool = False,
        magnification: int = 1,
        dpi: float | None = None,
        samples: int = 1,
        cancelled: Callable[[], str | None] = lambda: None,
    ) -> RenderedImage:
        """Return a picture other than `render` makes: of another size, without background, of several samples.

        `magnification` multiplies the size, and what is measured in points with it: texts, lines, points, axes; `dpi`
        multiplies these alone, so that there are so many pixels, times the magnification, to 72 points. Raises
        `InvalidProperty` for a size that cannot be drawn, and `PictureCancelled` as soon as it is, which is looked at
        before each sample.
        """
        self._require_usable()
        width, height = (side * magnification for side in size or self._properties["ViewSize"])
        if not (1 <= samples <= MAX_SAMPLES and magnification >= 1):
            raise InvalidProperty(
                f"samples are 1 to {MAX_SAMPLES} and a magnification at least 1, not {samples} and {magnification}"
            )
        if dpi is not None and not LEAST_DPI <= dpi <= MOST_DPI:
            raise InvalidProperty(f"a picture has {LEAST_DPI} to {MOST_DPI} dots per inch, not {dpi:g}")
        if not (1 <= width <= MAX_VIEW_SIZE and 1 <= height <= MAX_VIEW_SIZE):
            raise InvalidProperty(f"a picture of {width} x {height} cannot be drawn; each side is 1 to {MAX_VIEW_SIZE}")
        behind = self._drawn_upon(transparent)
        samples = max(samples, _SAMPLES_OF_EDGES) if len(behind) > 1 else samples
        accumulators, drawing_s = [Accumulator() for _ in behind], 0.0
        scale = magnification * (1.0 if dpi is None else dpi / DPI)
        self._scale = scale
        try:
            for sample in range(1, samples + 1):
                if cancelled():
                    raise PictureCancelled(f"a picture of {samples} samples was given up before sample {sample}")
                shifted = sample if samples > 1 else 0
                for color, accumulator in zip(behind, accumulators, strict=True):
                    drawing_s += self._draw((width, height), sample=shifted, transparent=transparent, behind=color)
                    accumulator.add(self._pixels((width, height), alpha=transparent and color is None))
        finally:
            self._scale = 1.0
        means = [one.mean() for one in accumulators]
        pixels = means[0] if len(means) == 1 else without_background(*means)
        return RenderedImage(
            width, height, pixels, self.camera, drawing_s, self.camera_is_placed, dots_per_inch=DPI * scale
        )

    def _drawn_upon(self, transparent: bool) -> tuple[Color | None, ...]:
        """Return upon which colors a picture is drawn, one after the other; None: upon the view's own background."""
        return (None,)

    def _render_window(self) -> float:
        """Draw what was arranged, and tell for how many seconds."""
        activity.begin(activity.DRAWING, f"drawing a {self._owner}")
        began = time.perf_counter()
        try:
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
        self._window.Finalize()
        self._is_closed = True
        del self._window

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

    def _pixels(self, size: tuple[int, int], *, alpha: bool = False) -> Any:
        bottom_up, (width, height) = vtkUnsignedCharArray(), size
        read = self._window.GetRGBACharPixelData if alpha else self._window.GetPixelData
        read(0, 0, width - 1, height - 1, 1, bottom_up, 0)
        pixels = vtk_to_numpy(bottom_up).reshape(height, width, 4 if alpha else 3)[::-1].copy()
        pixels.setflags(write=False)
        return pixels

    def _require_usable(self) -> None:
        if threading.get_ident() != self._thread:
            here = f"this view belongs to thread {self._thread}, this is thread {threading.get_ident()}"
            raise WrongThread(f"{here}: send the work to the thread that owns the view")
        if self._is_closed:
            raise ViewClosed("this view is closed; make a new one")
