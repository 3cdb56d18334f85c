"""States of ParaView: what ParaView 5.11 has written gives the numbers that it had, and what is missing is said."""

from __future__ import annotations

import json
import lzma
import warnings
from pathlib import Path
from typing import Any, Final

import pytest

from servermanager import Session, StateError, StateWarning, connect
from servermanager.states.paraview.values import NoCounterpart, enumerated
from servermanager.states.paraview.versions import modern
from servermanager.states.paraview.xml_state import DEEPEST, is_paraview, parse

from ..harness.apvtest import in_loop

MADE: Final = Path(__file__).with_name("paraview_states")
NUMBERS: Final[dict[str, dict[str, Any]]] = json.loads((MADE / "numbers.json").read_text("utf-8"))
"""What ParaView 5.11 has found: by state and source points, cells or rows, and bounds."""
FILES: Final = MADE / "there"


def state_of(name: str) -> str:
    return lzma.decompress((MADE / f"{name}.pvsm.xz").read_bytes()).decode("utf-8")


def written(name: str, directory: Path, *replaced: tuple[str, str]) -> Path:
    text = state_of(name).replace("/tmp/old/place", str(directory / "old" / "place"))
    for old, new in replaced:
        assert old in text
        text = text.replace(old, new)
    path = directory / f"{name}.pvsm"
    path.write_text(text, "utf-8")
    return path


async def load(session: Session, path: Path, **options: Any) -> tuple[Any, str]:
    """Load a state; what the warning says, "" without one."""
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        loaded = await session.load_state(path, **options)
    said = [str(one.message) for one in told if issubclass(one.category, StateWarning)]
    assert len(said) == bool(loaded.not_understood)
    return loaded, "".join(said)


async def numbers(session: Session, name: str) -> list[Any]:
    source = session.proxies.find_source(name)
    assert source is not None, name
    found = await source.update_pipeline()
    bounds = found.bounds
    rows = found.number_of_rows if not found.number_of_points else 0
    return [found.number_of_points, found.number_of_cells or rows, None if bounds is None else list(bounds)]


async def same_numbers(session: Session, state: str, *left_out: str) -> None:
    for name, (points, cells, bounds) in NUMBERS[state].items():
        if name in left_out:
            continue
        found = await numbers(session, name)
        assert found[:2] == [points, cells], name
        if bounds[0] <= bounds[1]:
            assert found[2] == pytest.approx(bounds, abs=1e-3), name


@in_loop
async def test_filters_have_the_numbers_that_they_had(tmp_path: Path) -> None:
    async with connect() as session:
        loaded, _ = await load(session, written("filters", tmp_path))
        await same_numbers(session, "filters", "Title")
        iso, half = session.proxies.find_source("Iso"), session.proxies.find_source("Half")
        assert iso is not None and half is not None
        assert (list(iso.Isosurfaces), list(iso.ContourBy)) == ([120.0, 160.0], ["POINTS", "RTData"])
        assert list(half.ClipType.Normal) == [0.0, 1.0, 1.0] and half.Invert is False
        assert [one.what for one in loaded.not_understood if one.where == "Moved"] == []


LEFT_OUT: Final = {"Ri", "D3", "s12", "s16", "s20", "s21", "s22"}
"""Of `many`: types that are not there (s16, s20, s21, s22), what the report tells of (Ri), and what other
versions of VTK make of the same (D3, s12)."""


@in_loop
async def test_seventy_kinds_of_sources_and_filters_have_the_numbers_that_they_had(tmp_path: Path) -> None:
    async with connect() as session:
        loaded, _ = await load(session, written("many", tmp_path), partial=True)
        await same_numbers(session, "many", *LEFT_OUT)
        told = {one.where for one in loaded.not_understood}
        assert "s20" in told and not {"GD", "Re"} & told
        kinds = {one.source.proxy.type_name: one for one in session.all_representations()}
        assert kinds["Histogram"].view.kind == "XYBarChartView" and kinds["Wavelet"].Representation == "Volume"


@in_loop
async def test_views_cameras_and_what_is_shown_are_as_they_were(tmp_path: Path) -> None:
    async with connect() as session:
        await load(session, written("filters", tmp_path))
        (view,) = session.all_views()
        assert tuple(view.CameraPosition) == (30.0, 20.0, 40.0) and tuple(view.ViewSize) == (320, 240)
        assert tuple(view.Background) == (0.1, 0.2, 0.3) and view.CameraViewAngle == 25.0
        assert view.LightKitIntensity == 0.75
        shown = {session.proxies.name(one.source.proxy): one for one in session.all_representations()}
        assert shown["Iso"].Opacity == 0.5 and list(shown["Iso"].ColorBy) == ["POINTS", "RTData"]
        assert (shown["Cut"].Representation, shown["Cut"].ColorBy) == ("Wireframe", None)
        assert shown["Half"].Visibility is False
        assert list(shown["Cells"].ColorBy) == ["CELLS", "RTData"] and tuple(shown["Cells"].EdgeColor) == (1, 0, 0)
        colors = session.color_maps["RTData"]
        assert (
            list(colors.RGBPoints)[::4] == pytest.approx([58.443, 159.2465, 260.05], abs=1e-3)
            and colors.ColorSpace == "Diverging"
        )
        assert tuple(colors.NanColor) == (0.1, 0.9, 0.1)
        bar = view.scalar_bar("RTData")
        assert bar.Visibility is True and bar.Title == "Heat"
        picture = (await view.screenshot(format="rgb")).pixels
        assert picture.shape == (240, 320, 3) and picture.std() > 10


@in_loop
async def test_charts_and_their_series(tmp_path: Path) -> None:
    async with connect() as session:
        loaded, _ = await load(session, written("chart", tmp_path))
        await same_numbers(session, "chart")
        views = {type(one).__name__: one for one in session.all_views()}
        chart, view = views["XYChartViewProxy"], views["RenderViewProxy"]
        assert (chart.ChartTitle, chart.LeftAxisTitle) == ("Along x", "value")
        assert (chart.BottomAxisRangeMinimum, chart.BottomAxisRangeMaximum) == (2.0, 18.0)
        assert view.CameraParallelProjection is True and view.CameraParallelScale == 12.5
        curve = next(one for one in session.all_representations() if one.view is chart)
        assert list(curve.SeriesVisibility) == ["RTData"] and curve.XArrayName == "arc_length"
        assert list(curve.SeriesColor) == ["RTData", "1", "0", "0"]
        assert not any(one.where == "layouts" for one in loaded.not_understood)
        assert [(one.Name, one.cells, one.views) for one in session.layouts] == [("Both", [1, 2], [chart, view])]


@in_loop
async def test_files_that_moved_are_found_below_directories_or_by_new_beginnings(tmp_path: Path) -> None:
    path = written("files", tmp_path)
    async with connect() as session:
        with pytest.raises(StateError, match=r"tets\.vtu.*not on the server.*/old/place/there/tets\.vtu.*paths="):
            await session.load_state(path)
        assert not session.proxies.sources() and not session.all_views()
        await load(session, path, paths=[str(MADE)])
        await same_numbers(session, "files")
    async with connect() as session:
        await load(session, path, paths={str(tmp_path / "old" / "place" / "there"): str(FILES)})
        await same_numbers(session, "files")


@in_loop
async def test_without_its_file_a_part_is_left_out_with_what_depends_on_it(tmp_path: Path) -> None:
    path = written("files", tmp_path)
    (tmp_path / "rows.csv").write_bytes((FILES / "rows.csv").read_bytes())  # beside the state: found by itself
    async with connect() as session:
        loaded, said = await load(session, path, partial=True)
        assert [session.proxies.name(one) for one in loaded] == ["rows", "dots"]
        left_out = {one.where: one.why for one in loaded.not_understood if not one.what}
        assert "tets.vtu" in left_out["tets.vtu"] and "tets.vtu" in left_out["Upper"]
        assert "Upper" in said
        assert (await numbers(session, "dots"))[:2] == NUMBERS["files"]["dots"][:2]


@in_loop
async def test_a_plugins_filter_is_an_error_or_left_out_and_said(tmp_path: Path) -> None:
    path = written("filters", tmp_path, ('group="filters" type="Contour"', 'group="filters" type="PluginContour"'))
    async with connect() as session:
        with pytest.raises(StateError, match=r"Iso cannot be made here: filters/PluginContour is no type of P"):
            await session.load_state(path)
        assert not session.proxies.sources() and not session.all_representations()
        loaded, said = await load(session, path, partial=True)
        there = {session.proxies.name(one) for one in loaded}
        assert {"Wave", "Cut", "Lines"} <= there and there.isdisjoint({"Iso", "Moved", "High"})
        assert "Moved: it depends on Iso" in said
        shown = {session.proxies.name(one.source.proxy) for one in session.all_representations()}
        assert "Iso" not in shown and "Cut" in shown


@in_loop
async def test_it_is_one_step_of_undo(tmp_path: Path) -> None:
    async with connect() as session:
        await load(session, written("chart", tmp_path))
        assert len(session.all_views()) == 2
        session.undo.undo()
        assert not session.proxies.sources() and not session.all_views()


@in_loop
async def test_what_was_set_and_is_not_there_is_said_with_its_value(tmp_path: Path) -> None:
    sphere = ('<Property name="Radius" id="', '<Property name="RadiusOfNothing" id="')
    async with connect() as session:
        loaded, said = await load(session, written("filters", tmp_path, sphere))
        lacking = [one for one in loaded.not_understood if one.what == "RadiusOfNothing"]
        assert lacking and "4" in lacking[0].why and "RadiusOfNothing" in said


# --- files that are no states


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('<!DOCTYPE a [<!ENTITY b "c">]><ParaView><ServerManagerState version="5.11.0"/></ParaView>', "no entities"),
        ("<ParaView></ParaView>", "no element ServerManagerState"),
        ('<ParaView><ServerManagerState version="x"/></ParaView>', "no version of ParaView"),
        ('<ParaView><ServerManagerState version="5.11.0">', "not well-formed"),
        ("<ParaView>" + "<a>" * (DEEPEST + 1) + "</a>" * (DEEPEST + 1) + "</ParaView>", "deeper than"),
        (
            '<ServerManagerState version="5.9.0"><Proxy id="1" group="g" type="t"/><Proxy id="1" group="g" type="t"/>'
            "</ServerManagerState>",
            "two proxies have the id 1",
        ),
        (
            '<ServerManagerState version="5.9.0"><Proxy id="1" group="g" type="t"><Property name="Input">'
            '<Proxy value="7"/></Property></Proxy></ServerManagerState>',
            "holds proxy 7, which is not in the file",
        ),
        (
            '<ServerManagerState version="5.9.0"><Proxy id="1" group="g" type="t"><Property name="P">'
            '<Element index="-1" value="7"/></Property></Proxy></ServerManagerState>',
            "index of an element",
        ),
    ],
)
def test_what_is_damaged_or_hostile_is_one_error(text: str, said: str) -> None:
    assert is_paraview(text.encode()) or text.startswith("<!DOCTYPE")
    with pytest.raises(StateError, match=said):
        parse(text.encode(), "x.pvsm")


@in_loop
async def test_other_xml_is_no_state(tmp_path: Path) -> None:
    (tmp_path / "x.pvsm").write_text("<svg></svg>", "utf-8")
    async with connect() as session:
        with pytest.raises(StateError, match="no state file"):
            await session.load_state(tmp_path / "x.pvsm")


def test_a_source_that_depends_on_itself_is_damaged(tmp_path: Path) -> None:
    text = (
        '<ServerManagerState version="5.9.0"><Proxy id="1" group="filters" type="ElevationFilter">'
        '<Property name="Input"><Proxy value="1" output_port="0"/></Property></Proxy>'
        '<ProxyCollection name="sources"><Item id="1" name="E"/></ProxyCollection></ServerManagerState>'
    )
    path = tmp_path / "x.pvsm"
    path.write_text(text, "utf-8")

    @in_loop
    async def tried() -> None:
        async with connect() as session:
            with pytest.raises(StateError, match="E depends on itself"):
                await session.load_state(path)

    tried()


# --- plain decisions


def old_state(version: str, group: str, type_: str, **properties: str) -> Any:
    inside = "".join(
        f'<Property name="{name}">'
        + "".join(f'<Element index="{at}" value="{value}"/>' for at, value in enumerate(values.split(",")))
        + "</Property>"
        for name, values in properties.items()
    )
    text = f'<ServerManagerState version="{version}"><Proxy id="1" group="{group}" type="{type_}">{inside}</Proxy>'
    return modern(parse(f"{text}</ServerManagerState>".encode(), "x")).proxies["1"]


def test_older_names_and_meanings_are_those_of_today() -> None:
    threshold = old_state("5.9.1", "filters", "Threshold", ThresholdBetween="3,7.5")
    assert (threshold.values("LowerThreshold"), threshold.values("UpperThreshold")) == (("3",), ("7.5",))
    assert threshold.values("ThresholdMethod") == ("0",)
    assert old_state("5.11.0", "filters", "PolyDataNormals").type == "SurfaceNormals"
    calculator = old_state("5.4.0", "filters", "Calculator", AttributeMode="2")
    assert calculator.values("AttributeType") == ("1",) and calculator.values("FunctionParserType") == ("0",)
    clip = old_state("5.5.2", "filters", "Clip", InsideOut="0", Value="12", UseValueAsOffset="0")
    assert clip.values("Invert") == ("0",) and clip.values("Value") == ()  # it only counts as an offset
    box = old_state("5.6.0", "implicit_functions", "Box", Scale="1,2,3")
    assert box.values("Length") == ("1", "2", "3") and box.values("UseReferenceBounds") == ("1",)
    view = old_state("5.8.1", "views", "RenderView", UseGradientBackground="1", Background="1,0,0")
    assert view.values("BackgroundColorMode") == ("1",) and view.values("UseColorPaletteForBackground") == ("0",)
    animation = old_state("5.10.0", "animation", "AnimationScene", PlayMode="1")
    assert animation.values("PlayMode") == ("1",)  # Real Time, which ParaView 6 has no more, and we have


def test_an_entry_is_found_by_its_text_and_never_by_its_number_alone() -> None:
    ours = [["Forward", 0], ["Backward", 1], ["Both", 2]]
    assert enumerated(ours, {"0": "FORWARD", "2": "BOTH"}, "2") == "Both"
    assert enumerated([["A", 1], ["B", 0]], {"0": "A", "1": "B"}, "0") == "A"
    assert enumerated([["LargestRegion", 5]], {"5": "Extract Largest Region"}, "5") == "LargestRegion"
    assert enumerated(ours, {}, "1") == "Backward"
    with pytest.raises(NoCounterpart, match="'Sideways' is none of Forward, Backward, Both"):
        enumerated(ours, {"1": "Sideways"}, "1")


def extractor_xml(number: int, kind: str, trigger: str, *properties: str) -> str:
    """The elements of an extractor, with its writer and its trigger, in a state of ParaView."""
    first = 90_000 + 10 * number

    def proxy(id_: int, group: str, type_name: str, *inside: str) -> str:
        return f'<Proxy group="{group}" type="{type_name}" id="{id_}" servers="16">{"".join(inside)}</Proxy>'

    def held(name: str, id_: int | str, port: int = 0) -> str:
        return f'<Property name="{name}" id="x"><Proxy value="{id_}" output_port="{port}"/></Property>'

    return "".join((
        proxy(first, "extract_writers", kind, *properties),
        proxy(first + 1, "extract_triggers", trigger, told("Frequency", 3), told("UseEndTimeStep", 1)),
        proxy(
            first + 2, "extractors", "Extractor", told("Enable", 0), held("Writer", first), held("Trigger", first + 1)
        ),
        f'<ProxyCollection name="extractors"><Item id="{first + 2}" name="{kind}{number}"/></ProxyCollection>',
    ))  # fmt: skip


def told(name: str, *values: object) -> str:
    elements = "".join(f'<Element index="{at}" value="{value}"/>' for at, value in enumerate(values))
    return f'<Property name="{name}" id="x" number_of_elements="{len(values)}">{elements}</Property>'


@in_loop
async def test_extractors_are_read_with_what_they_write_and_others_are_said(tmp_path: Path) -> None:
    path = tmp_path / "made.pvsm"
    async with connect() as session:
        view = session.views.RenderView(ViewSize=[60, 40])
        session.show(session.sources.Sphere(), view)
        await session.save_state(path)
        session.extractors.create("PNG", view)
        with pytest.warns(StateWarning, match="PNG1: extractors are not written"):
            await session.save_state(tmp_path / "other.pvsm")
    text = path.read_text("utf-8")
    state = parse(path.read_bytes(), "made.pvsm")
    source, seen = state.registered("sources")[0].id, state.registered("views")[0].id
    input_ = f'<Property name="Input" id="x"><Proxy value="{source}" output_port="0"/></Property>'
    viewed = f'<Property name="View" id="x"><Proxy value="{seen}" output_port="0"/></Property>'
    pictures = (
        told("FileName", "R_{timestep:06d}{camera}.png"), told("ImageResolution", 30, 20), told("CameraMode", 1),
        told("PhiResolution", 2), told("FontScaling", 0), told("StereoMode", 0), told("TransparentBackground", 1),
    )  # fmt: skip
    more = (
        extractor_xml(1, "CSV", "TimeStep", input_, told("FileName", "a_%.3ts.csv"), told("FieldAssociation", 1))
        + extractor_xml(2, "PNG", "TimeStep", viewed, *pictures)
        + extractor_xml(3, "PNG", "Python", viewed)
        + extractor_xml(4, "RecolorableImage", "TimeStep", viewed)
        + extractor_xml(5, "VTP", "TimeStep", input_, told("CompressorType", 2), told("Nothing", 7))
    )
    path.write_text(text.replace("</ServerManagerState>", f"{more}</ServerManagerState>"), "utf-8")
    async with connect() as session:
        loaded, _ = await load(session, path)
        found = {one.name: one for one in session.extractors}
        assert list(found) == ["CSV1", "PNG2", "VTP5"]
        rows, pictured = found["CSV1"], found["PNG2"]
        assert rows.Producer.proxy is session.proxies.sources()[0] and not rows.Enable
        assert rows.Writer.set_values() == {"FileName": "a_%.3ts.csv", "FieldAssociation": "Cell Data"}
        assert (rows.Trigger.Frequency, rows.Trigger.UseEndTimeStep) == (3, True)
        assert pictured.Producer is session.all_views()[0]
        assert pictured.Writer.ImageResolution == [30, 20] and pictured.Writer.CameraMode == "Phi-Theta"
        assert pictured.Writer.TransparentBackground and pictured.Writer.PhiResolution == 2
        assert found["VTP5"].Writer.CompressorType == "LZ4"
        said = {(one.where, one.what) for one in loaded.not_understood}
        assert {("PNG3", "Python"), ("RecolorableImage4", "RecolorableImage"), ("VTP5", "Nothing")} <= said
        rows.Enable = True
        written = await session.save_extracts(tmp_path / "x")
        assert [Path(one.path).name for one in written] == ["a_000.csv"]
