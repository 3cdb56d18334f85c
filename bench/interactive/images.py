"""What the images of a view cost, and that they go on while a filter executes."""

from __future__ import annotations

import asyncio
import gc
import itertools
import math
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from statistics import median

from async_paraview.widgets.sight import CameraState, Sight
from servermanager import Image, RenderViewProxy, Session
from servermanager.streams import TypedStream
from servermanager.ui.widget_pointer import WidgetPointer

from ..plan import Plan
from ..running.sample import Sample, percentile
from ..scenario import Contender, Scenario
from ..variants import Variant
from .heartbeat import long_contour
from .homes import Act, SessionParty, contenders, homes, on_session

SIZE = (800, 600)
RESOLUTION = 708
"""Of a sphere of a million triangles."""
WATCHED_S = 5.0
STALLED_S = 60.0
LEAST_IMAGES = 3
MOVES = 100
SWAPS = 1000
WINDOWS = 100


async def scene(session: Session, plan: Plan) -> RenderViewProxy:
    """Show a million triangles, fewer in a smaller run, before the camera."""
    side = RESOLUTION if plan.scale >= 0.3 else 64
    sphere = session.sources.Sphere(ThetaResolution=side, PhiResolution=side)
    view = session.views.RenderView(ViewSize=list(SIZE))
    session.show(sphere, view)
    await view.ready()
    look_from(view, 0)
    return view


def look_from(view: RenderViewProxy, step: int) -> tuple[float, float, float]:
    """Put the camera at one of many places around the scene; returns where that is."""
    angle = math.radians(step * 2.0)
    position = (3 * math.sin(angle), 0.3, 3 * math.cos(angle))
    view.update(CameraPosition=position, CameraFocalPoint=(0, 0, 0))
    return position


async def orbit(view: RenderViewProxy, seconds: float) -> list[float]:
    """Move the camera with every image that arrives; the times at which images arrived."""
    times: list[float] = []
    until = time.perf_counter() + seconds
    async with view.images() as images:
        async for _ in images:
            times.append(time.perf_counter())
            if times[-1] >= until and len(times) >= LEAST_IMAGES:
                break
            look_from(view, len(times))
    return times


def gaps(times: list[float]) -> list[float]:
    """Return the times between images."""
    return [after - before for before, after in itertools.pairwise(times)]


@on_session
async def beside_a_filter(session: Session, plan: Plan) -> Sample:
    """Images per second while a filter executes, in those of the same scene when none does."""
    view, contour = await scene(session, plan), await long_contour(session, plan)
    idle = gaps(await orbit(view, WATCHED_S * plan.scale))
    task = contour.update_pipeline()
    begun = time.perf_counter()
    times: list[float] = []
    async with view.images() as images:
        async for _ in images:
            times.append(time.perf_counter())
            if task.done() and len(times) >= LEAST_IMAGES:
                break
            look_from(view, len(times))
    await task
    busy = gaps(times)
    view.delete()
    session.delete(contour, dependents=True)
    extra = {
        "longest gap, in idle frames": max(busy) / median(idle),
        "idle images/s": len(idle) / sum(idle),
        "executed for s": times[-1] - begun,
    }
    return Sample((len(busy) / sum(busy)) / (len(idle) / sum(idle)), busy, extra)


@on_session
async def while_moving(session: Session, plan: Plan) -> Sample:
    """Images per second while the camera moves, and how that compares to drawing all of it every time."""
    view = await scene(session, plan)
    moving = gaps(await orbit(view, WATCHED_S * plan.scale))
    whole_s = []
    for step in range(3):
        look_from(view, step)
        whole_s.append((await view.screenshot(format="rgb")).render_s)
    view.delete()
    rate = len(moving) / sum(moving)
    return Sample(rate, moving, {"x still rate": rate * median(whole_s), "still render ms": median(whole_s) * 1e3})


@on_session
async def one_move(session: Session, plan: Plan) -> Sample:
    """From a move of the camera to its image, beyond what drawing took; the median in ms."""
    view = await scene(session, plan)
    beyond_s: list[float] = []
    async with view.images() as images:
        await _at_rest(images)
        for step in range(1, plan.count(MOVES)):
            began = time.perf_counter()
            position = look_from(view, step)
            async for image in images:
                if _same(image.camera["position"], position):
                    beyond_s.append(time.perf_counter() - began - image.render_s)
                    break
    view.delete()
    return Sample(median(beyond_s) * 1e3, beyond_s, {"p95": percentile(sorted(beyond_s), 95) * 1e3})


@on_session
async def one_move_of_a_widget(session: Session, plan: Plan) -> Sample:
    """From a move of a pointer that drags a handle to its image, beyond what drawing took; the median in ms."""
    view = await scene(session, plan)
    ruler = await view.widgets.add("Ruler", Point1=[-0.4, 0, 0.6], Point2=[0.4, 0, 0.6])
    beyond_s: list[float] = []
    async with view.images() as images:
        await _at_rest(images)
        pointer, place = WidgetPointer(view), _place_of(view, ruler.Point2)
        if not pointer.press(place):
            raise RuntimeError("the end of the ruler is not where it is drawn")
        shown = 0
        for step in range(1, plan.count(MOVES)):
            began = time.perf_counter()
            pointer.move(replace(place, x=place.x + step / 2))
            async for image in images:
                if image.update > shown:
                    beyond_s.append(time.perf_counter() - began - image.render_s)
                    shown = image.update
                    break
        pointer.release(place)
    view.delete()
    return Sample(median(beyond_s) * 1e3, beyond_s, {"p95": percentile(sorted(beyond_s), 95) * 1e3})


@dataclass(frozen=True)
class _Pointer:
    """A pointer in a picture of the scene."""

    x: float
    y: float
    width: int = SIZE[0]
    height: int = SIZE[1]
    button: str = "left"
    modifiers: frozenset[str] = frozenset()
    touch: bool = False


def _place_of(view: RenderViewProxy, place: Sequence[float]) -> _Pointer:
    """Return a pointer upon a place, as the last picture shows it."""
    image = view.last_image
    if image is None:
        raise RuntimeError("no picture has arrived")
    x, y, _ = Sight(CameraState.of(image.camera), SIZE).pixel(place).tolist()
    return _Pointer(x, SIZE[1] - y)


async def stalled_reader(party: SessionParty, plan: Plan) -> Sample:
    """Measure the memory of the server after images for a client that does not read them, in what it was before."""
    view = await scene(party.session, plan)
    async with view.images() as images:
        await _at_rest(images)
        before = party.server_bytes()
        until = time.monotonic() + STALLED_S * plan.scale
        step = 0
        while time.monotonic() < until:
            step += 1
            look_from(view, step)
            await asyncio.sleep(0.02)
        after = party.server_bytes()
        last = look_from(view, step + 1)
        behind = 0
        async for image in images:
            if _same(image.camera["position"], last):
                break
            behind += 1
    view.delete()
    extra = {"grew by MiB": (after - before) / 2**20, "images before the last one": float(behind), "moves": float(step)}
    return Sample(after / before, [], extra)


async def many_windows(party: SessionParty, plan: Plan) -> Sample:
    """Measure the memory of the server after many windows and geometries came and went, in what it was before."""
    session = party.session

    async def windows(count: int) -> None:
        for _ in range(count):
            view = session.views.RenderView(ViewSize=[200, 150])
            session.show(sphere, view)
            await view.screenshot(format="rgb")
            view.delete()

    async def swaps(count: int) -> None:
        for index in range(count):
            sphere.Radius = 1.0 + index / count
            await shown.ready()

    sphere = session.sources.Sphere(ThetaResolution=64, PhiResolution=64)
    shown = session.views.RenderView(ViewSize=[200, 150])
    session.show(sphere, shown)
    for work, count in ((windows, WINDOWS), (swaps, SWAPS)):
        await work(plan.count(count) // 4 + 1)  # what is made once and kept
    gc.collect()
    before = party.server_bytes()
    await windows(plan.count(WINDOWS))
    await swaps(plan.count(SWAPS))
    gc.collect()
    after = party.server_bytes()
    shown.delete()
    session.delete(sphere)
    return Sample(after / before, [], {"MiB before": before / 2**20})


async def _at_rest(images: TypedStream[Image]) -> None:
    async for image in images:
        if image.still and image.level != 1:
            return


def _same(one: Iterable[float], other: Iterable[float]) -> bool:
    return all(abs(a - b) < 1e-9 for a, b in zip(one, other, strict=True))


def _remote(act: Act) -> Callable[[list[Variant], Plan], list[Contender]]:
    return lambda variants, plan: contenders(act, [home for home in homes(variants) if home.remote])


SCENARIOS = [
    Scenario(
        "images beside a filter", "interactive", "x idle", "ms",
        "Images per second while a filter executes and the camera moves, in those when none does.",
        _remote(beside_a_filter), most=3, warms_up=False,
    ),
    Scenario(
        "images while the camera moves", "interactive", "1/s", "ms",
        "A million triangles, 800x600, received by a remote client.",
        _remote(while_moving), most=3, warms_up=False,
    ),
    Scenario(
        "camera move to image", "interactive", "ms", "ms",
        "From a move to its image, without the time that drawing took.",
        _remote(one_move), most=3, warms_up=False,
    ),
    Scenario(
        "widget move to image", "interactive", "ms", "ms",
        "From a move of a handle to its image, without the time that drawing took.",
        _remote(one_move_of_a_widget), most=3, warms_up=False,
    ),
    Scenario(
        "a client that does not read", "interactive", "x before", "ms",
        "The server's memory after a minute of images for a client that does not read them.",
        _remote(stalled_reader), most=1, warms_up=False,
    ),
    Scenario(
        "windows and geometries that went", "interactive", "x before", "ms",
        "The server's memory after 100 windows and 1000 geometries.",
        _remote(many_windows), most=1, warms_up=False,
    ),
]  # fmt: skip
