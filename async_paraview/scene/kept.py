"""Properties that ParaView's scripts write down though they change nothing: kept, and refused where they would."""

from __future__ import annotations

from typing import Any, Final

from .types import SceneProperty


def kept(name: str, default: Any, check: Any, why: str) -> SceneProperty:
    """Return a property that is kept, without effect; `check` refuses what would have one, and `why` says why not."""
    return SceneProperty(name, f"kept, without effect: {why}", default, check, panel="never")


NONE: Final = (None, "None", "")
OFF: Final = (False, 0)
