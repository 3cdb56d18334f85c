"""Color maps as files of ParaView: its JSON presets and its older XML, read and written."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from xml.parsers import expat
from xml.sax.saxutils import quoteattr

from async_paraview.atomic_files import write_file
from async_paraview.records import dataclass
from async_paraview.scene.color_maps import COLOR_MAP, COLOR_SPACES, PIECEWISE_FUNCTION, USUAL_PRESET

if TYPE_CHECKING:
    from ...views.color_map import ColorMapProxy

MOST_BYTES: Final = 64 * 2**20
_SPACES_OF_XML: Final = {"CIELAB": "Lab", "LAB": "Lab", "DIVERGING": "Diverging", "CIEDE2000": "Lab/CIEDE2000"}
_KEYS: Final = ("RGBPoints", "ColorSpace", "NanColor", "NanOpacity", "Annotations", "IndexedColors")


class ColorMapFileError(ValueError):
    """A file that has no color maps, or damaged ones; the text says where."""


@dataclass(frozen=True)
class ColorPreset:
    """A color map with a name: `color_map.update(**preset.properties)` has an array colored by it.

    `properties` are those of a color map; values of RGBPoints are stretched over the range of the data, unless
    ScalarRangeInitialized is set. `opacities` are Points of an opacity function, None without any.
    """

    name: str
    properties: Mapping[str, Any]
    opacities: tuple[float, ...] | None = None
    others: tuple[str, ...] = field(default=())
    """What else the file says of it, by its keys, and is not taken over."""

    @classmethod
    async def of(cls, color_map: ColorMapProxy, name: str | None = None) -> ColorPreset:
        """Return what a color map of a session is now. Raises as ColorMapProxy.points."""
        values = color_map.set_values()
        properties: dict[str, Any] = {
            key: values[key] for key in (*_KEYS, "InterpretValuesAsCategories") if key in values
        }
        if not properties.get("IndexedColors"):
            properties["RGBPoints"] = await color_map.points()
            if "RGBPoints" not in values and (values.get("Preset") or USUAL_PRESET) == USUAL_PRESET:
                properties["ColorSpace"] = "Diverging"
        return cls(name or color_map.name, properties)


def read_color_maps(path: str | Path) -> dict[str, ColorPreset]:
    """Return the color maps of a local .json or .xml file of ParaView, by name, in their order.

    Raises OSError, and ColorMapFileError, naming the map, if any of them is damaged.
    """
    where, raw = str(path), Path(path).read_bytes()
    if len(raw) > MOST_BYTES:
        raise ColorMapFileError(f"{where} has {len(raw)} bytes; files of more than {MOST_BYTES} are not read")
    is_xml = raw.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<")
    found = _from_xml(raw, where) if is_xml else _from_json(raw, where)
    if not found:
        raise ColorMapFileError(f"{where} has no color maps")
    return {one.name: one for one in found}


def write_color_maps(path: str | Path, presets: Iterable[ColorPreset]) -> None:
    """Write color maps to a local file that ParaView imports: .json, or .xml. Raises ValueError, OSError."""
    file, listed = Path(path), list(presets)
    if not listed:
        raise ValueError(f"{file.name}: there are no color maps to write")
    for one in listed:
        _checked(one.properties, one.name, file.name)
    makers = {".json": _to_json, ".xml": _to_xml}
    if file.suffix.lower() not in makers:
        raise ValueError(f"color maps are written to .json and .xml, not to {file.name!r}")
    write_file(file, makers[file.suffix.lower()](listed).encode("utf-8"))


def _checked(properties: Mapping[str, Any], name: str, where: str) -> dict[str, Any]:
    """Return the properties as color maps have them. Raises ColorMapFileError."""
    found: dict[str, Any] = {}
    for key, value in properties.items():
        try:
            taken = COLOR_MAP.by_name[key].check(value)
            found[key] = list(taken) if isinstance(taken, tuple) else taken
        except ValueError as error:
            raise ColorMapFileError(f"{where}: color map {name!r:.60}: {key}: {error}") from error
    if not properties.get("RGBPoints") and not properties.get("IndexedColors"):
        raise ColorMapFileError(f"{where}: color map {name!r:.60} has neither RGBPoints nor IndexedColors")
    return found


# --- JSON


def _from_json(raw: bytes, where: str) -> list[ColorPreset]:
    try:
        plain = json.loads(raw.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise ColorMapFileError(f"{where} is no file of color maps: neither XML nor JSON ({error})") from error
    if not isinstance(plain, list) or not all(isinstance(one, dict) for one in plain):
        raise ColorMapFileError(f"{where} is no file of color maps: a list of maps was expected")
    return [_preset(one, f"{where}: number {at}") for at, one in enumerate(plain)]


def _preset(plain: Mapping[str, Any], where: str) -> ColorPreset:
    name = plain.get("Name")
    if not isinstance(name, str) or not name:
        raise ColorMapFileError(f"{where} has no Name")
    properties = {key: plain[key] for key in _KEYS if key in plain and plain[key] not in ([], "")}
    if "ColorSpace" in properties and properties["ColorSpace"] == "CIEDE2000":
        properties["ColorSpace"] = "Lab/CIEDE2000"
    if properties.get("IndexedColors"):
        properties["InterpretValuesAsCategories"] = True
    else:
        properties["ScalarRangeInitialized"] = False
    properties = _checked(properties, name, where)
    opacities = plain.get("Points") or None
    if opacities is not None:
        try:
            opacities = tuple(PIECEWISE_FUNCTION.by_name["Points"].check(opacities))
        except ValueError as error:
            raise ColorMapFileError(f"{where}: color map {name!r:.60}: Points: {error}") from error
    known = {*_KEYS, "Name", "Points"}
    return ColorPreset(name, properties, opacities, tuple(key for key in plain if key not in known))


def _to_json(presets: list[ColorPreset]) -> str:
    plain = []
    for one in presets:
        entry: dict[str, Any] = {"Name": one.name}
        entry |= {key: one.properties[key] for key in _KEYS if one.properties.get(key) not in (None, (), [])}
        if "Annotations" in entry:
            entry["Annotations"] = [part if at % 2 else _written(part) for at, part in enumerate(entry["Annotations"])]
        if one.opacities is not None:
            entry["Points"] = list(one.opacities)
        plain.append(entry)
    return json.dumps(plain, indent=1, ensure_ascii=False) + "\n"


def _written(number: float) -> str:
    return str(int(number)) if float(number).is_integer() else repr(float(number))


# --- XML


def _from_xml(raw: bytes, where: str) -> list[ColorPreset]:
    found: list[ColorPreset] = []
    current: dict[str, Any] = {}

    def start(tag: str, attributes: dict[str, str]) -> None:
        if tag == "ColorMap":
            current.clear()
            current.update(Name=attributes.get("name") or f"map {len(found) + 1}", points=[], nan=None)
            current["indexed"] = attributes.get("indexedLookup", "").lower() in ("true", "1")
            current["space"] = attributes.get("space", "RGB")
        elif tag == "Point" and current:
            current["points"].append([_number(attributes, name, current, where) for name in ("x", "r", "g", "b", "o")])
        elif tag == "NaN" and current:
            current["nan"] = [_number(attributes, name, current, where) for name in "rgb"]

    def end(tag: str) -> None:
        if tag == "ColorMap" and current:
            found.append(_of_points(current, where))
            current.clear()

    def refuse(*_: object) -> None:
        raise ColorMapFileError(f"{where} is not read: files of color maps have no document type and no entities")

    parser = expat.ParserCreate()
    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.StartDoctypeDeclHandler = refuse
    try:
        parser.Parse(raw, True)
    except expat.ExpatError as error:
        raise ColorMapFileError(f"{where} is damaged: it is not well-formed XML ({error})") from error
    return found


def _number(attributes: Mapping[str, str], name: str, current: Mapping[str, Any], where: str) -> float:
    text = attributes.get(name, "1" if name == "o" else "")
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise ColorMapFileError(f"{where}: color map {current['Name']!r:.60}: {name}={text!r:.40} is no number")
    return number


def _of_points(current: Mapping[str, Any], where: str) -> ColorPreset:
    points, name = current["points"], current["Name"]
    properties: dict[str, Any] = {}
    if current["nan"] is not None:
        properties["NanColor"] = current["nan"]
    opacities: tuple[float, ...] | None = None
    if current["indexed"]:
        properties["IndexedColors"] = [part for point in points for part in point[1:4]]
        properties["Annotations"] = [part for point in points for part in (point[0], f"{point[0]:g}")]
        properties["InterpretValuesAsCategories"] = True
    else:
        space = _SPACES_OF_XML.get(current["space"].upper(), current["space"])
        properties["ColorSpace"] = next((one for one in COLOR_SPACES if one.upper() == space.upper()), space)
        properties["RGBPoints"] = [part for point in points for part in point[:4]]
        properties["ScalarRangeInitialized"] = False
        if any(point[4] != 1.0 for point in points):
            opacities = tuple(part for point in points for part in (point[0], point[4], 0.5, 0.0))
    return ColorPreset(name, _checked(properties, name, where), opacities)


def _to_xml(presets: list[ColorPreset]) -> str:
    lines = ["<ColorMaps>"]
    for one in presets:
        get = one.properties
        indexed = not get.get("RGBPoints")
        space = get.get("ColorSpace", "RGB")
        known = {"Lab/CIEDE2000": "CIEDE2000"}.get(space, space)
        flag = "true" if indexed else "false"
        lines.append(f'  <ColorMap name={quoteattr(one.name)} space={quoteattr(known)} indexedLookup="{flag}">')
        if indexed:
            colors, texts = list(get["IndexedColors"]), list(get.get("Annotations") or ())
            values = texts[::2] or list(range(len(colors) // 3))
            rows = [(value, *colors[3 * at : 3 * at + 3], 1.0) for at, value in enumerate(values[: len(colors) // 3])]
        else:
            flat, opacities = list(get["RGBPoints"]), _opacities_at(one)
            rows = [(*flat[4 * at : 4 * at + 4], opacities[at]) for at in range(len(flat) // 4)]
        for x, red, green, blue, opacity in rows:
            lines.append(f'    <Point x="{x!r}" o="{opacity!r}" r="{red!r}" g="{green!r}" b="{blue!r}"/>')
        if (nan := get.get("NanColor")) is not None:
            lines.append(f'    <NaN r="{nan[0]!r}" g="{nan[1]!r}" b="{nan[2]!r}"/>')
        lines.append("  </ColorMap>")
    return "\n".join([*lines, "</ColorMaps>"]) + "\n"


def _opacities_at(one: ColorPreset) -> list[float]:
    """Return the opacity at each point of a map: files of XML have one there."""
    flat = list(one.properties["RGBPoints"])
    places = flat[::4]
    if one.opacities is None:
        return [1.0] * len(places)
    own, opacities = one.opacities[::4], one.opacities[1::4]
    if len(own) != len(places) or any(abs(a - b) > 1e-12 * max(1.0, abs(b)) for a, b in zip(own, places, strict=True)):
        raise ValueError(
            f"color map {one.name!r:.60}: in .xml colors and opacities have the same values; write it to .json"
        )
    return list(opacities)
