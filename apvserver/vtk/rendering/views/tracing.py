"""How a render view traces paths of light at rest: pass after pass, each a better picture, until something changes."""

from __future__ import annotations

import time
from collections.abc import Callable, Hashable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from vtkmodules.vtkRenderingCore import vtkProperty

from async_paraview.scene.looks.tracing import RAY_CASTER
from async_paraview.vtk_imports import one_at_a_time

from ..camera.framing import as_vector
from ..capabilities import MITSUBA, ray_tracer
from ..fonts.noted import gathered, note, told
from ..images import RenderedImage, Vector
from ..looks.surroundings import OF_SURROUNDINGS
from ..paper import BLACK, WHITE, Color
from ..pixels.antialiasing import Accumulator, Pixels, without_background
from ..view import PictureCancelled
from .drawing import DrawingView

if TYPE_CHECKING:
    from ..tracing.building import Builder
    from ..tracing.gathering import Gathered
    from ..tracing.mitsuba_engine import Engine
    from ..tracing.pictures import Passes
    from ..tracing.traced_scene import Light

_SAMPLES_OF_OVERLAYS: Final = 4


class TracingView(DrawingView):
    """A view that shows what light does in its scene, where that is asked for and Mitsuba is installed."""

    def __init__(self) -> None:
        super().__init__()
        self.when_traceable: Callable[[], object] = lambda: None
        """Called, on any thread, when pictures at rest can be traced from now on."""
        self._builder: Builder | None = None
        self._traced: Passes | None = None
        """The picture at rest; None: it is refined by OpenGL, or not at all."""
        self._may_be_interrupted = True

    @property
    def samples(self) -> int:
        """See View."""
        return int(self._properties["ProgressivePasses"]) if self.is_traced else super().samples

    @property
    def is_traced(self) -> bool:
        """See View: whether what is shown now is built."""
        return self._engine() is not None

    def interrupt(self) -> None:
        """See View."""
        if self._may_be_interrupted and self._builder is not None:
            self._builder.interrupt()

    @property
    def _traces(self) -> bool:
        """Whether paths are traced where something is at rest: it was asked for, and is what can be traced."""
        if not self._properties["EnableRayTracing"] or ray_tracer() != MITSUBA:
            return False
        return self._not_traced_because() is None and any(one.is_visible for one in self._representations.values())

    def _not_traced_because(self) -> str | None:
        get = self._properties.snapshot()
        stereo = self._stereo if self._stereo is not None else get["StereoType"] if get["StereoRender"] else ""
        if stereo:
            return "pictures for both eyes"
        if get["UseTexturedBackground"] and get["BackgroundTexture"] is not None:
            return "pictures with a picture behind the scene"
        if get["UseEnvironmentLighting"] and get["UseTexturedEnvironmentalBG"] and get["EnvironmentalBGTexture"]:
            return "surroundings that are a picture"
        return None

    def _note_untraced(self) -> None:
        why = self._not_traced_because()
        if not self._properties["EnableRayTracing"] or ray_tracer() != MITSUBA:
            return
        if why is not None:
            note([f"{why} are drawn by OpenGL: no paths are traced"])
        elif self._builder is not None and (failure := self._builder.failure(self._key())) is not None:
            note([f"no paths are traced: {failure}"])
        elif self._traces:
            note(self._without_effect())

    def _without_effect(self) -> Iterator[str]:
        """Yield what was asked for of a ray tracer, and is not done by this one."""
        get = self._properties.snapshot()
        if get["Denoise"]:
            yield "Denoise has no effect: nothing is smoothed; the more ProgressivePasses, the less noise there is"
        if get["BackEnd"] == RAY_CASTER:
            yield f"BackEnd is {RAY_CASTER!r}, and paths are traced: what is traced casts shadows, also without Shadows"

    # --- scenes

    def _key(self) -> Hashable:
        """Return all that has to be built anew if it changes: not the camera, nor how bright lights are."""
        get = self._properties.snapshot()
        shown = tuple((id_, one.changes) for id_, one in self._representations.items() if one.is_visible)
        lights = (
            get["UseLightKit"],
            tuple((one["Enable"], one["Type"], one["ConeAngle"]) for one in get["AdditionalLights"]),
        )
        return shown, self._paper(), lights, get["RouletteDepth"], tuple(get[name] for name in OF_SURROUNDINGS)

    def _build_if_needed(self) -> None:
        """Have what was just arranged be built, if it is not; free what was, if no paths are to be traced."""
        if not self._properties["EnableRayTracing"] and self._builder is not None:
            self._builder.forget()
        if not self._traces:
            return
        with one_at_a_time:
            from ..tracing import pictures  # late: few views trace paths

        if self._builder is None:
            self._builder = pictures.Builder(lambda: self.when_traceable())
        key, get = self._key(), self._properties.snapshot()
        if self._builder.is_known(key):
            return
        found, sky = pictures.gathered_of(self._representations), pictures.sky_of(get)
        make = partial(pictures.built, found.sources, self._lights(), sky, self._middle(), get["RouletteDepth"])
        self._builder.want(key, make)

    def _engine(self) -> Engine | None:
        """Return what is built of what is shown now, if that is, and paths are to be traced."""
        return self._builder.found(self._key()) if self._builder is not None and self._traces else None

    def _lights(self) -> tuple[Light, ...]:
        from ..tracing.pictures import lights_of

        return lights_of(self._renderer, self._properties["LightScale"])

    def _middle(self) -> Vector:
        bounds = self.bounds
        return (0.0, 0.0, 0.0) if bounds is None else as_vector(np.add(bounds[::2], bounds[1::2]) / 2.0)

    # --- pictures

    def _traced_picture(self, sample: int) -> RenderedImage | None:
        """Return the mean of so many passes; None where the first was none, as what is shown was not built then.

        Raises PictureInterrupted if something comes that changes it.
        """
        size, engine = self._size, self._engine()
        if engine is None or (sample > 1 and self._traced is None):
            self._traced = None
            return None
        with gathered() as remarks:
            if sample == 1 or self._traced is None:
                self._traced = self._begun(size, transparent=False)
            drawing_s = self._pass(engine, self._traced)
            note(self._traced.gathered.remarks)
        placed = self._camera_is_placed
        return RenderedImage(
            *size,
            self._traced.pixels(self._paper()),
            self.camera,
            drawing_s,
            placed,
            remarks=told(list(remarks)),
        )

    def _captured(
        self, size: tuple[int, int], samples: int, transparent: bool, cancelled: Callable[[], str | None]
    ) -> tuple[Pixels, float]:
        self._note_untraced()
        if not self._traces:
            return super()._captured(size, samples, transparent, cancelled)
        self._arrange(size)

        def go_on() -> None:
            if cancelled():
                raise PictureCancelled("a picture was given up whose paths were to be traced")

        self._build_if_needed()
        engine = None if self._builder is None else self._builder.wait(self._key(), go_on)
        assert engine is not None  # this thread alone wants others
        with self._in_peace():
            began = time.perf_counter()
            passes = self._begun(size, transparent=transparent)
            drawing_s = time.perf_counter() - began
            for _ in range(max(samples, self._properties["ProgressivePasses"])):
                go_on()
                drawing_s += self._pass(engine, passes)
        note(passes.gathered.remarks)
        return passes.pixels(None if transparent else self._paper()), drawing_s

    @contextmanager
    def _in_peace(self) -> Iterator[None]:
        """Let nothing interrupt passes: what waits is not to change them."""
        self._may_be_interrupted = False
        try:
            yield
        finally:
            self._may_be_interrupted = True

    def _begun(self, size: tuple[int, int], *, transparent: bool) -> Passes:
        """Return a picture from where the camera is, without any pass yet, with what stands beside the scene."""
        from ..tracing import pictures

        self._arrange(size, transparent=transparent)
        looking = self._looking(size, self._scale)
        aim = pictures.aim_of(looking, size, self._renderer.GetActiveCamera().GetClippingRange())
        lights, found = self._lights(), pictures.gathered_of(self._representations)
        return pictures.Passes.none_of(aim, lights, found, self._drawn_over(found, size, transparent=transparent))

    def _pass(self, engine: Engine, passes: Passes) -> float:
        """Trace one pass more of a picture; tell for how many seconds. Another picture may have been traced between."""
        began = time.perf_counter()
        passes.add(engine, self._properties["SamplesPerPixel"])
        return time.perf_counter() - began

    # --- what OpenGL draws over it

    def _drawn_over(self, found: Gathered, size: tuple[int, int], *, transparent: bool) -> Pixels:
        """Return all that is not traced, with straight alpha: where something traced is before it, nothing is."""
        on_black, on_white = Accumulator(), Accumulator()
        holds = found.has_others or self._has_axes_in_the_scene()
        try:
            with _set_aside(found.props) as aside:
                for sample in range(1, _SAMPLES_OF_OVERLAYS + 1):
                    for color, accumulator in ((BLACK, on_black), (WHITE, on_white)):
                        self._arrange(size, sample=sample, transparent=transparent, behind=color)
                        self._renderer.SetGradientBackground(False)
                        aside(color if holds else None)
                        self._place_labels(size)
                        self._render_scene(size)
                        self._labels.drawn()
                        accumulator.add(self._readback.pixels(size))
        finally:
            self._arranged = None
        return without_background(on_black.mean(), on_white.mean())

    def _has_axes_in_the_scene(self) -> bool:
        has_labels = any(one.has_labels for one in self._representations.values())
        return bool(self._around() or has_labels or self._properties["CenterAxesVisibility"])

    def _release(self) -> None:
        if self._builder is not None:
            self._builder.interrupt()
            self._builder.close()
        super()._release()


@contextmanager
def _set_aside(props: Sequence[tuple[Any, Any]]) -> Iterator[Callable[[Color | None], None]]:
    """Yield what has some props drawn in one color without light, so that they hide what is behind, or, None, not."""
    kept = []
    for prop, mapper in props:
        look = vtkProperty()
        look.DeepCopy(prop.GetProperty())
        kept.append((prop, mapper, look, prop.GetVisibility(), mapper.GetScalarVisibility()))

    def draw(color: Color | None) -> None:
        for prop, mapper, look, visible, _ in kept:
            prop.SetVisibility(visible and color is not None and look.GetOpacity() >= 1.0)
            if color is not None:
                mapper.ScalarVisibilityOff()
                flat = prop.GetProperty()
                flat.SetLighting(False)
                flat.SetColor(color)

    try:
        yield draw
    finally:
        for prop, mapper, look, visible, has_colors in kept:
            prop.GetProperty().DeepCopy(look)
            prop.SetVisibility(visible)
            mapper.SetScalarVisibility(has_colors)
