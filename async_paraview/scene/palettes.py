"""Palettes: the backgrounds of views by ParaView's names."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

BLUE_GRAY: Final = [0.32, 0.34, 0.43]
PALETTES: Final[Mapping[str, Mapping[str, Any]]] = MappingProxyType({
    "BlueGrayBackground": {"Background": BLUE_GRAY},
    "WhiteBackground": {"Background": [1.0, 1.0, 1.0]},
    "BlackBackground": {"Background": [0.0, 0.0, 0.0]},
    "WarmGrayBackground": {"Background": [0.384313725, 0.364705882, 0.352941176]},
    "DarkGrayBackground": {"Background": [0.29, 0.27, 0.26]},
    "NeutralGrayBackground": {"Background": [0.42, 0.42, 0.42]},
    "LightGrayBackground": {"Background": [0.46, 0.44, 0.42]},
    "GradientBackground": {"Background": BLUE_GRAY, "Background2": [0.0, 0.0, 0.165], "UseGradientBackground": True},
})  # fmt: skip
"""What stands before them has a color that is seen on them by itself."""
OTHER_NAMES: Final[Mapping[str, str]] = MappingProxyType({
    "DefaultBackground": "BlueGrayBackground", "GrayBackground": "BlueGrayBackground",
    "PrintBackground": "WhiteBackground",
})  # fmt: skip
