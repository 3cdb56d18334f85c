"""Presets of colors have those of ParaView 5.11, measured at every fifteenth of the 256 colors of a table.

What `ApplyPreset` and the color map's `GetColor` give there, in bytes: within one level. Those that ParaView has at 17
places of matplotlib's maps are those maps here, within three levels. Categories have the same colors.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import numpy as np
import pytest
from matplotlib import colormaps

from apvserver.vtk.geometry.colors import TransferFunction, lookup_table, preset_colors
from servermanager.simple import presets

THEIRS: Final[dict[str, str]] = json.loads(Path(__file__).with_name("paraview_5_11_presets.json").read_text("utf-8"))
CATEGORIES: Final = json.loads(Path(__file__).with_name("paraview_5_11_categories.json").read_text("utf-8"))


def table_of(properties: Mapping[str, Any]) -> Any:
    """The 256 colors of a preset, in levels of 255."""
    if properties.get("RGBPoints") is None:
        spec = TransferFunction(properties["Preset"])
    else:
        points = tuple(presets.stretched(properties["RGBPoints"], 0.0, 1.0))
        spec = TransferFunction(points=points, space=properties.get("ColorSpace", "RGB"))
    table = lookup_table(spec, (0.0, 1.0))
    return np.array([table.GetTableValue(index)[:3] for index in range(256)]) * 255


@pytest.mark.parametrize("name", THEIRS)
def test_a_preset_has_paraviews_colors(name: str) -> None:
    theirs = np.frombuffer(bytes.fromhex(THEIRS[name]), np.uint8).reshape(-1, 3)
    found = table_of(presets.find(name).properties)[::15]
    assert len(found) == len(theirs) == 18
    is_map = str(presets.find(name).properties.get("Preset", "")).endswith("_r") or name == "bone_Matlab"
    assert np.abs(found - theirs).max() <= (3 if is_map else 1)


@pytest.mark.parametrize("name", CATEGORIES)
def test_categories_have_paraviews_colors(name: str) -> None:
    theirs = np.frombuffer(bytes.fromhex(CATEGORIES[name]), np.uint8)
    assert list(np.rint(np.array(presets.find(name).properties["IndexedColors"]) * 255)) == list(theirs)


@pytest.mark.parametrize("name", ["Viridis", "Plasma", "Inferno"])
def test_maps_of_matplotlib_have_its_256_colors(name: str) -> None:
    theirs: Any = colormaps[name.lower()](np.arange(256))[:, :3]
    assert np.abs(preset_colors(name) - theirs).max() * 255 <= 1
