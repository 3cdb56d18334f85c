"""Pictures as far as their paths were traced, and all that makes them: imported when the first is asked for.

Few views trace paths, and each start of a program would import it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..camera.framing import as_vector, upright
from ..camera.looking import Looking
from ..paper import Paper
from .building import Builder
from .composing import Pixels, background_of, composed
from .gathering import Gathered, Source, gathered_of, lights_of, meshes_of
from .mitsuba_engine import Engine
from .traced_scene import Aim, Light, Sky, TracedScene, Vector, linear_color

__all__ = ["Builder", "Passes", "aim_of", "built", "gathered_of", "lights_of", "sky_of"]

_NEAREST = 1e-4
"""Of the distance to the farthest, the least at which something is seen."""


@dataclass
class Passes:
    """A picture as far as its paths were traced."""

    aim: Aim
    lights: tuple[Light, ...]
    gathered: Gathered
    overlay: Pixels
    light: Any
    """The sum of all passes, float32, (height, width, 4)."""
    done: int = 0

    @classmethod
    def none_of(cls, aim: Aim, lights: tuple[Light, ...], gathered: Gathered, overlay: Pixels) -> Passes:
        """Return a picture without any pass yet."""
        return cls(aim, lights, gathered, overlay, np.zeros((aim.size[1], aim.size[0], 4), np.float32))

    def add(self, engine: Engine, samples: int) -> None:
        """Trace one pass more. Another picture of the scene may have been traced since the last one."""
        engine.aim(self.aim, self.lights)
        self.light += engine.sample(self.done, samples)
        self.done += 1

    def pixels(self, paper: Paper | None) -> Pixels:
        """Return the mean of all passes upon paper, or, None, upon nothing, with straight alpha."""
        background = None if paper is None else background_of(paper, self.aim.size)
        return composed(self.light / np.float32(self.done), self.overlay, background)


def aim_of(looking: Looking, size: tuple[int, int], clipping: tuple[float, float]) -> Aim:
    """Return from where a picture is taken that sees so much, and nothing nearer or farther."""
    camera, (near, far) = looking.camera, clipping
    look = as_vector(np.subtract(camera.focal_point, camera.position))
    return Aim(
        position=camera.position,
        focal_point=camera.focal_point,
        view_up=upright(look, camera.view_up),
        view_angle=camera.view_angle,
        parallel_scale=camera.parallel_scale if camera.parallel_projection else None,
        center=looking.center,
        clipping=(max(near, far * _NEAREST), far),
        size=size,
    )


def sky_of(get: Mapping[str, Any]) -> Sky | None:
    """Return the surroundings that the properties of a view ask for."""
    if not get["UseEnvironmentLighting"]:
        return None
    high = get["EnvironmentalBG2"] if get["UseGradientEnvironmentalBG"] else get["EnvironmentalBG"]
    return Sky(linear_color(get["EnvironmentalBG"]), linear_color(high))


def built(
    sources: Sequence[Source], lights: tuple[Light, ...], sky: Sky | None, origin: Vector, roulette_depth: int
) -> Engine:
    """Build a scene of what was read for it. On any thread."""
    return Engine(TracedScene(meshes_of(sources), lights, sky, origin), roulette_depth)
