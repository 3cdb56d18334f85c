"""What rendering can do here, by looking at what is installed."""

from __future__ import annotations

import functools
import importlib.util
from typing import Any, Final

from async_paraview.scene.checks import Flag

from .opengl import require_opengl

OSPRAY: Final = "OSPRay"
MITSUBA: Final = "Mitsuba"


def capabilities() -> dict[str, Any]:
    """Return, for clients, OpenGL's words for itself, and what there is beyond the usual, or why not."""
    report = require_opengl()
    found: dict[str, Any] = {
        "window": report.window_class,
        "opengl": report.version,
        "renderer": report.renderer,
        "vendor": report.vendor,
        "ray_tracing": ray_tracer() is not None,
        "ray_tracer": ray_tracer(),
        "video": importlib.util.find_spec("av") is not None,
    }
    if not found["ray_tracing"]:
        found["why_no_ray_tracing"] = _why_none()
    if not found["video"]:
        found["why_no_video"] = "PyAV is not installed: pip install 'async-paraview[video]'"
    return found


def ray_tracing(value: object) -> bool:
    """Accept True only where something can trace rays."""
    wanted = Flag()(value)
    if wanted and ray_tracer() is None:
        raise ValueError(_why_none())
    return wanted


@functools.cache
def ray_tracer() -> str | None:
    """Return what traces rays here: OSPRAY where this VTK has it, else MITSUBA; None: nothing does."""
    if importlib.util.find_spec("vtkmodules.vtkRenderingRayTracing") is not None:
        return OSPRAY
    return MITSUBA if importlib.util.find_spec("mitsuba") is not None else None


def ray_tracing_pass() -> Any:
    """Return a new pass by which VTK traces paths. Raises ImportError where it cannot."""
    module: Any = importlib.import_module("vtkmodules.vtkRenderingRayTracing")
    return module.vtkOSPRayPass()


def _why_none() -> str:
    return (
        "this VTK was built without OSPRay, as the wheels of PyPI are, and Mitsuba is not installed: "
        "pip install 'async-paraview[raytracing]'"
    )
