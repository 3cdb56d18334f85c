"""How paths of light are traced: properties of render views, under ParaView's names."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from ...records import dataclass
from ..checks import Choice, Flag, Number, Whole
from ..kept import NONE, kept
from ..types import SceneProperty

RAY_CASTER: Final = "OSPRay raycaster"
BACK_ENDS: Final = (RAY_CASTER, "OSPRay pathtracer", "OptiX pathtracer")
MATERIALS: Final = ("aluminium", "chromium", "copper", "gold", "silver", "mirror", "glass", "thin glass", "water")
"""What surfaces can be made of where paths are traced, by name."""
_NAMED: Final = Choice("material", MATERIALS)


@dataclass(frozen=True)
class MadeOf:
    """One of the materials, or None, which ParaView's scripts write as a text."""

    @property
    def facts(self) -> Mapping[str, Any]:
        """See Check."""
        return {**_NAMED.facts, "optional": True}

    def __call__(self, value: object) -> str | None:
        """See Check."""
        return None if value in NONE else _NAMED(value)


def _p(name: str, doc: str, default: Any, check: Any) -> SceneProperty:
    return SceneProperty(name, f"{doc}, with EnableRayTracing", default, check, panel="advanced")


TRACING: Final = (
    _p("SamplesPerPixel", "how many paths each pass follows from every pixel", 1, Whole(1, 1024)),
    _p("ProgressivePasses", "of how many passes the picture at rest is the mean", 64, Whole(1, 4096)),
    _p("LightScale", "how many times as bright the lights are, but for the surroundings", 1.0, Number(0.0, 1000.0)),
    _p("RouletteDepth", "after how many bounces paths that bring little light are given up", 5, Whole(1, 100)),
    kept(
        "BackEnd",
        BACK_ENDS[1],
        Choice("ray tracer", BACK_ENDS),
        "paths are traced by what there is; see capabilities",
    ),
    kept("Shadows", False, Flag(), "where paths are traced there are shadows, and nowhere else"),
    kept("AmbientSamples", 0, Whole(0, 1 << 20), "paths find ambient light by themselves"),
    kept("Denoise", False, Flag(), "pictures are as exact as their passes; nothing is smoothed"),
)
"""How paths are traced."""

MADE_OF: Final = (
    SceneProperty(
        "OSPRayMaterial",
        f"what it is made of where paths are traced: {', '.join(MATERIALS)}; None: what its other properties say",
        None,
        MadeOf(),
        panel="advanced",
    ),
)
"""What surfaces are made of, by name."""
