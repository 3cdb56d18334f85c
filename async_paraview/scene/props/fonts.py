"""Fonts of texts: families by ParaView's names, and files."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from ...records import dataclass
from ..checks import Text
from ..types import SceneProperty

FILE: Final = "File"
FONTS: Final = ("Arial", "Courier", "Times", FILE)
FAMILIES: Final = "Arial, Courier, Times, or File: FontFile; DejaVu where that lacks a character"
"""What the properties say of them."""


@dataclass(frozen=True)
class FontFile:
    """The path of a font on the server; None or "": there is none."""

    @property
    def facts(self) -> Mapping[str, Any]:
        """See Check."""
        return Text().facts

    def __call__(self, value: object) -> str:
        """See Check."""
        if value is None or value == "None":
            return ""
        if not isinstance(value, str) or "\0" in value:
            raise ValueError("expected the path of a font on the server, .ttf or .otf")
        return value


def font_file(prefix: str, of: str) -> SceneProperty:
    """Return the property that names the font of some texts where their FontFamily is File."""
    return SceneProperty(
        f"{prefix}FontFile",
        f"the path of a file of the server with the font of {of}, where {prefix}FontFamily is File",
        "",
        FontFile(),
        hidden_unless={"property": f"{prefix}FontFamily", "equals": FILE},
    )
