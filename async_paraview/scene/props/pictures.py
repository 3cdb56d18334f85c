"""Pictures on surfaces: what the properties of a representation take that are files."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...records import dataclass
from ..checks import Text


@dataclass(frozen=True)
class Picture:
    """The path of a picture on the server; None, "None" or "": there is none."""

    @property
    def facts(self) -> Mapping[str, Any]:
        """See Check."""
        return {**Text().facts, "optional": True}

    def __call__(self, value: object) -> str | None:
        """See Check."""
        if value is None or value in ("", "None"):
            return None
        if not isinstance(value, str) or "\0" in value:
            raise ValueError("expected the path of a picture on the server")
        return value
