"""Color maps in ParaView's JSON and XML: read, written, and applied to what is shown."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any, Final

import numpy as np
import pytest

from servermanager import ColorMapFileError, ColorPreset, connect, read_color_maps, write_color_maps

from ..harness.apvtest import in_loop
from ..harness.time_limits import scaled

PVPYTHON: Final = shutil.which("pvpython")
TRAFFIC: Final[dict[str, Any]] = {
    "Name": "Traffic", "ColorSpace": "RGB", "NanColor": [1.0, 1.0, 0.0],
    "RGBPoints": [0.0, 0.0, 1.0, 0.0, 0.5, 1.0, 1.0, 0.0, 2.0, 1.0, 0.0, 0.0],
    "Points": [0.0, 0.25, 0.5, 0.0, 2.0, 1.0, 0.5, 0.0], "Creator": "somebody",
}  # fmt: skip
KINDS: Final[dict[str, Any]] = {
    "Name": "Kinds", "Annotations": ["1", "land", "2", "water"], "IndexedColors": [0.2, 0.6, 0.2, 0.1, 0.2, 0.9],
}  # fmt: skip


def written(directory: Path, *maps: Any) -> Path:
    path = directory / "maps.json"
    path.write_text(json.dumps(list(maps)), "utf-8")
    return path


def test_presets_of_paraview_are_read(tmp_path: Path) -> None:
    found = read_color_maps(written(tmp_path, TRAFFIC, KINDS))
    assert list(found) == ["Traffic", "Kinds"]
    traffic, kinds = found["Traffic"], found["Kinds"]
    assert traffic.properties["RGBPoints"] == TRAFFIC["RGBPoints"]
    assert traffic.properties["ScalarRangeInitialized"] is False and traffic.others == ("Creator",)
    assert traffic.opacities == (0.0, 0.25, 0.5, 0.0, 2.0, 1.0, 0.5, 0.0)
    assert kinds.properties["InterpretValuesAsCategories"] is True and kinds.opacities is None


@pytest.mark.parametrize("suffix", [".json", ".xml"])
def test_what_is_written_is_read_back(tmp_path: Path, suffix: str) -> None:
    plain = {**TRAFFIC, "Points": [0.0, 0.25, 0.5, 0.0, 0.5, 0.5, 0.5, 0.0, 2.0, 1.0, 0.5, 0.0]}
    before = read_color_maps(written(tmp_path, plain, KINDS))
    write_color_maps(tmp_path / f"again{suffix}", before.values())
    after = read_color_maps(tmp_path / f"again{suffix}")
    assert list(after) == ["Traffic", "Kinds"]
    for name in ("RGBPoints", "NanColor", "ColorSpace"):
        assert after["Traffic"].properties[name] == before["Traffic"].properties[name]
    assert after["Traffic"].opacities == before["Traffic"].opacities
    assert after["Kinds"].properties["IndexedColors"] == KINDS["IndexedColors"]
    assert [float(one) for one in after["Kinds"].properties["Annotations"][::2]] == [1.0, 2.0]


def test_xml_of_older_paraviews_is_read(tmp_path: Path) -> None:
    path = tmp_path / "old.xml"
    path.write_text(
        '<ColorMaps><ColorMap name="Hot" space="Lab" indexedLookup="false">'
        '<Point x="0" o="0" r="0" g="0" b="0"/><Point x="1" o="1" r="1" g="0.5" b="0.25"/>'
        '<NaN r="0.25" g="0" b="0"/></ColorMap></ColorMaps>',
        "utf-8",
    )
    hot = read_color_maps(path)["Hot"]
    assert hot.properties["RGBPoints"] == [0.0, 0.0, 0.0, 0.0, 1.0, 1.0, 0.5, 0.25]
    assert hot.properties["ColorSpace"] == "Lab" and hot.properties["NanColor"] == [0.25, 0.0, 0.0]
    assert hot.opacities == (0.0, 0.0, 0.5, 0.0, 1.0, 1.0, 0.5, 0.0)


@in_loop
async def test_a_preset_of_a_file_colors_what_is_shown(tmp_path: Path) -> None:
    preset = read_color_maps(written(tmp_path, TRAFFIC))["Traffic"]
    async with connect() as session:
        plane = session.filters.Elevation(
            Input=session.create("PlaneSource", XResolution=4, YResolution=1),
            LowPoint=[-0.5, 0.0, 0.0],
            HighPoint=[0.5, 0.0, 0.0],
        )
        view = session.views.RenderView(ViewSize=[101, 51], Background=[0.0, 0.0, 0.0])
        session.show(plane, view, ColorBy=("POINTS", "Elevation"), Lighting=False)
        session.color_maps["Elevation"].update(**preset.properties)
        view.update(CameraParallelProjection=True, CameraParallelScale=0.2)
        picture = (await view.screenshot(format="rgb", samples=1)).pixels.astype(int)
        again = await ColorPreset.of(session.color_maps["Elevation"], "mine")
    row = picture[25]
    middle = row[51]  # 0.5 of 0 to 1, which is 1.0 of the 0 to 2 of the file: a third of the way from yellow to red
    assert np.abs(middle - [255, 170, 0]).max() <= 4
    assert np.abs(row[5] - [150, 255, 0]).max() <= 4 and row[95][1] < 90  # 0.147, where 0.25 is yellow
    points = np.reshape(again.properties["RGBPoints"], (-1, 4))
    assert points[:, 0] == pytest.approx([0.0, 0.25, 1.0]) and points[1, 1:].tolist() == [1.0, 1.0, 0.0]
    write_color_maps(tmp_path / "mine.json", [again])
    assert list(read_color_maps(tmp_path / "mine.json")) == ["mine"]


@pytest.mark.skipif(PVPYTHON is None, reason="there is no pvpython here to import it")
def test_paraview_imports_what_is_written(tmp_path: Path) -> None:
    assert PVPYTHON is not None
    presets = read_color_maps(written(tmp_path, TRAFFIC))
    write_color_maps(tmp_path / "again.json", presets.values())
    script = tmp_path / "look.py"
    script.write_text(
        "import sys, json\nfrom paraview import simple\nsimple.ImportPresets(sys.argv[1])\n"
        "lut = simple.GetColorTransferFunction('a')\nassert lut.ApplyPreset('Traffic', False)\n"
        "print('FOUND' + json.dumps([list(lut.RGBPoints), list(lut.NanColor)]))\n",
        "utf-8",
    )
    ended = subprocess.run(
        [PVPYTHON, "--force-offscreen-rendering", str(script), str(tmp_path / "again.json")],
        capture_output=True,
        text=True,
        timeout=scaled(120.0),
        check=False,
    )
    lines = [line for line in ended.stdout.splitlines() if line.startswith("FOUND")]
    assert lines, ended
    assert json.loads(lines[0].removeprefix("FOUND")) == [TRAFFIC["RGBPoints"], TRAFFIC["NanColor"]]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{}", "a list of maps was expected"),
        ("[]", "has no color maps"),
        ('[{"RGBPoints": [0, 0, 0, 0, 1, 1, 1, 1]}]', "number 0 has no Name"),
        ('[{"Name": "a", "RGBPoints": [0, 0, 0]}]', "'a': RGBPoints: expected"),
        ('[{"Name": "a", "RGBPoints": [1, 0, 0, 0, 0, 1, 1, 1]}]', "growing"),
        ('[{"Name": "a", "ColorSpace": "RGB"}]', "neither RGBPoints nor IndexedColors"),
        ('<ColorMaps><ColorMap name="a"><Point x="y" r="0" g="0" b="0"/></ColorMap></ColorMaps>', "x='y' is no number"),
        ("<!DOCTYPE a []><ColorMaps/>", "no document type"),
        ("<ColorMaps>", "not well-formed"),
        ("hello", "neither XML nor JSON"),
    ],
)
def test_what_is_damaged_is_one_error(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "maps"
    path.write_text(text, "utf-8")
    with pytest.raises(ColorMapFileError, match=said):
        read_color_maps(path)


def test_opacities_at_other_places_have_no_room_in_xml(tmp_path: Path) -> None:
    presets = read_color_maps(written(tmp_path, TRAFFIC))
    with pytest.raises(ValueError, match=r"write it to \.json"):
        write_color_maps(tmp_path / "x.xml", presets.values())
    assert not (tmp_path / "x.xml").exists()
