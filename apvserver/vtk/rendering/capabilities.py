"""What rendering can do here, by looking at what is installed."""

from __future__ import annotations

import functools
import importlib.util
from typing import Any

from async_paraview.scene.checks import Flag

from .opengl import require_opengl


def capabilities() -> dict[str, Any]:
    """Return, for clients, OpenGL's words for itself, and what there is beyond the usual, or why not."""
    report = require_opengl()
    found: dict[str, Any] = {
        "window": report.window_class,
        "opengl": report.version,
        "renderer": report.renderer,
        "vendor": report.vendor,
        "ray_tracing": _missing_ray_tracing() is None,
        "video": importlib.util.find_spec("av") is not None,
    }
    if not found["ray_tracing"]:
        found["why_no_ray_tracing"] = _missing_ray_tracing()
    if not found["video"]:
        found["why_no_video"] = "PyAV is not installed: pip install 'async-paraview[video]'"
    return found


def ray_tracing(value: object) -> bool:
    """Accept True only where this VTK can trace rays."""
    wanted = Flag()(value)
    if wanted and (reason := _missing_ray_tracing()) is not None:
        raise ValueError(reason)
    return wanted


def ray_tracing_pass() -> Any:
    """Return a new pass that traces paths, refined at rest by accumulation. Raises ImportError where there is none."""
    module: Any = importlib.import_module("vtkmodules.vtkRenderingRayTracing")
    return module.vtkOSPRayPass()


@functools.cache
def _missing_ray_tracing() -> str | None:
    if importlib.util.find_spec("vtkmodules.vtkRenderingRayTracing") is None:
        return "this VTK was built without OSPRay (module vtkRenderingRayTracing); the wheels of PyPI are"
    return None
