"""Properties by the names that they had before: taken, told, and led to those of today."""

from __future__ import annotations

import asyncio
import json
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest

from servermanager import RemoteError, Session, SourceProxy, StateError, connect, sync
from servermanager.coverage.__main__ import measured

from ..harness.apvtest import BACKENDS, in_loop

TYPES = (
    "IsoVolume",
    "ProbeLocation",
    "ProbePoint",
    "Threshold",
    "Calculator",
    "GroupDatasets",
    "Reflect",
    "objects/Box",
)


async def know(session: Session, known: bool) -> None:
    for one in TYPES if known else ():
        await session.definitions.definition(one)


KNOWN = pytest.mark.parametrize("known", [False, True], ids=["before", "after"])
"""Before the definition of a type has arrived, and after."""


@contextmanager
def told() -> Iterator[list[str]]:
    """What those are told who use older names inside, each at a line of this file."""
    texts: list[str] = []
    with warnings.catch_warnings(record=True) as found:
        warnings.simplefilter("always")
        yield texts
    found = [one for one in found if one.category is DeprecationWarning]
    assert {one.filename for one in found} <= {__file__}
    texts += [str(one.message).partition(";")[0] for one in found]


@KNOWN
@pytest.mark.parametrize("backend", BACKENDS)
@in_loop
async def test_an_older_name_is_taken_and_told_once(
    backend: str, known: bool, caplog: pytest.LogCaptureFixture
) -> None:
    async with connect(backend=backend) as session:
        await know(session, known)
        wavelet = session.sources.Wavelet()
        with told() as texts:
            iso = session.filters.IsoVolume(Input=wavelet, LowerThreshold=150.0)
            iso.UpperThreshold = 200.0
            found = await iso.update_pipeline()
        assert texts == [
            "IsoVolume.LowerThreshold is called IsoVolume.ThresholdRange[0] now",
            "IsoVolume.UpperThreshold is called IsoVolume.ThresholdRange[1] now",
        ]
        (array,) = [one for one in found.arrays if one.name == "RTData"]
        assert array.ranges == ((150.0, 200.0),)
        assert iso.set_values().keys() == {"Input", "ThresholdRange"} and iso.ThresholdRange == [150.0, 200.0]
        with told() as texts:
            assert iso.LowerThreshold == 150.0
        assert texts == ["IsoVolume.LowerThreshold is called IsoVolume.ThresholdRange[0] now"]
    assert "could not do" not in caplog.text


@KNOWN
@in_loop
async def test_one_limit_alone_leaves_the_other_side_open(known: bool) -> None:
    async with connect() as session:
        await know(session, known)
        wavelet = session.sources.Wavelet()
        with told():
            iso = session.filters.IsoVolume(Input=wavelet, UpperThreshold=100.0)
            found = await iso.update_pipeline()
        (array,) = [one for one in found.arrays if one.name == "RTData"]
        (whole,) = [one for one in (await wavelet.update_pipeline()).arrays if one.name == "RTData"]
        assert whole.ranges[0] is not None and array.ranges == ((whole.ranges[0][0], 100.0),)


@KNOWN
@in_loop
async def test_what_an_object_has_today_is_set_there(known: bool) -> None:
    async with connect() as session:
        await know(session, known)
        wavelet = session.sources.Wavelet()
        with told() as texts:
            probe = session.filters.ProbeLocation(Input=wavelet, Center=(1.0, 2.0, 3.0))
            data = await probe.fetch()
        assert texts == ["ProbeLocation.Center is called ProbeLocation.ProbeType.Center now"]
        assert np.asarray(data.points).tolist() == [[1.0, 2.0, 3.0]]
        assert probe.ProbeType.Center == [1.0, 2.0, 3.0] and "Center" not in probe.set_values()
        with told() as texts:
            probe.NumberOfPoints = 5
            probe.Radius = 0.5
        assert [one.partition(" ")[0] for one in texts] == ["ProbeLocation.NumberOfPoints", "ProbeLocation.Radius"]
        data = await probe.fetch()
        points = np.asarray(data.points)
        assert points.shape == (5, 3) and 0 < np.ptp(points[:, 0]) <= 1
        with pytest.warns(DeprecationWarning, match="Radius is called"):
            assert probe.Radius == 0.5


@KNOWN
@in_loop
async def test_undo_and_del_know_what_was_set(known: bool) -> None:
    async with connect() as session:
        await know(session, known)
        threshold = session.filters.Threshold(Input=session.sources.Wavelet())
        with told() as texts:
            threshold.ThresholdRange = [100.0, 150.0]
            first = await threshold.update_pipeline()
        name = "Threshold.ThresholdRange is called Threshold.LowerThreshold and Threshold.UpperThreshold now"
        assert texts == [name] and threshold.ThresholdMethod == "Between"
        assert (threshold.LowerThreshold, threshold.UpperThreshold) == (100, 150)
        session.undo.undo()
        assert threshold.set_values().keys() == {"Input"}
        session.undo.redo()
        assert (await threshold.update_pipeline()).number_of_cells == first.number_of_cells == 724
        with told() as texts:
            del threshold.ThresholdRange
        assert texts == [name]
        assert threshold.set_values().keys() == {"Input", "ThresholdMethod"}


WRONG: list[tuple[Callable[[Session, SourceProxy], SourceProxy], str]] = [
    (lambda s, w: s.filters.Threshold(Input=w, ThresholdRange=[100.0]), "ThresholdRange takes a list of 2 values"),
    (lambda s, w: s.filters.Threshold(Input=w, ThresholdRange=[1.0, "x"]), "UpperThreshold takes a number"),
    (lambda s, w: s.filters.IsoVolume(Input=w, LowerThreshold="low"), "ThresholdRange takes a number"),
    (lambda s, w: s.filters.Glyph(Input=w, ScaleMode="ScaleByVector"), "there is no Glyph.ScaleMode: .*ScaleArray"),
    (lambda s, w: s.filters.Calculator(Input=w, AttributeMode="somewhere"), "AttributeMode = 'somewhere' is not taken"),
]


@pytest.mark.parametrize(("line", "message"), WRONG)
@KNOWN
@in_loop
async def test_a_wrong_value_is_one_error_and_nothing_is_set(
    line: Callable[[Session, SourceProxy], SourceProxy], message: str, known: bool
) -> None:
    async with connect() as session:
        for one in ("Threshold", "IsoVolume", "Glyph", "Calculator") if known else ():
            await session.definitions.definition(one)
        wavelet = session.sources.Wavelet()
        with told():
            if known:
                with pytest.raises((AttributeError, TypeError, ValueError), match=message):
                    line(session, wavelet)
                assert list(session.proxies) == [wavelet]
                return
            made = line(session, wavelet)
            with pytest.raises(RemoteError, match=message):
                await made.update_pipeline()
        assert made.set_values().keys() == {"Input"}
        assert await made.update_pipeline()


@in_loop
async def test_a_new_meaning_is_told_where_it_counts() -> None:
    async with connect() as session:
        await know(session, True)
        with pytest.warns(DeprecationWarning, match="Box.Bounds has another meaning than before: .*UseReferenceBounds"):
            session.objects.Box(Bounds=(0, 1, 0, 1, 0, 1))
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            box = session.objects.Box(Bounds=(0, 2, 0, 1, 0, 1), UseReferenceBounds=True)
            box.Bounds = (0, 3, 0, 1, 0, 1)
            assert box.Bounds == [0, 3, 0, 1, 0, 1]
        cloud = session.sources.PointCloud()
        with told() as texts:
            made = session.filters.PointDatasetInterpolator(Input=cloud, Source=session.sources.Sphere())
            await made.definition()
            await made.update_pipeline()
        assert len(texts) == 1
        assert "Source has another meaning than before: the points that have values are the Input" in texts[0]


@KNOWN
@in_loop
async def test_inputs_have_older_names_too(known: bool) -> None:
    async with connect() as session:
        if known:
            await session.definitions.definition("ResampleWithDataset")
        wavelet, sphere = session.sources.Wavelet(), session.sources.Sphere(Radius=3.0)
        with told() as texts:
            made = session.filters.ResampleWithDataset(Input=wavelet, Source=sphere)
            data = await made.fetch()
        assert [one.rpartition(" is called ")[2] for one in texts] == [
            "ResampleWithDataset.SourceDataArrays now",
            "ResampleWithDataset.DestinationMesh now",
        ]
        assert made.inputs().keys() == {"SourceDataArrays", "DestinationMesh"}
        count = (await sphere.update_pipeline()).number_of_points
        assert data.number_of_points == count and data.point_data["RTData"].shape == (count,)


@KNOWN
@in_loop
async def test_blocks_by_number_are_blocks_by_path(known: bool) -> None:
    async with connect() as session:
        if known:
            await session.definitions.definition("ExtractBlock")
        parts = [session.sources.Sphere(ThetaResolution=8 + one) for one in range(3)]
        group = session.filters.GroupDatasets(Input=parts)
        wanted = (await parts[1].update_pipeline()).number_of_points
        with told() as texts:
            block = session.filters.ExtractBlock(Input=group, BlockIndices=[2], PruneOutput=1)
            found = await block.update_pipeline()
        assert len(texts) == 2 and "ExtractBlock.PruneOutput has no effect any more" in texts[1]
        assert block.Selectors == ["//*[@cid='2']"] and found.number_of_points == wanted


@in_loop
async def test_the_side_of_a_clip_is_that_of_before() -> None:
    async with connect() as session:
        wavelet = session.sources.Wavelet()
        for inside in (True, False):
            with told():
                clip = session.filters.Clip(Input=wavelet, InsideOut=inside)
                bounds = (await clip.update_pipeline()).bounds
            assert bounds is not None and bounds[:2] == ((-10, 0) if inside else (0, 10))


@in_loop
async def test_two_names_are_places_of_one_list() -> None:
    async with connect() as session:
        with told() as texts:
            text = session.filters.AnnotateAttributeData(
                Input=session.sources.Wavelet(), ArrayAssociation="Point Data", ArrayName="RTData"
            )
            await text.update_pipeline()
            assert text.ArrayAssociation == "Point Data"
        assert len(texts) == 3 and text.SelectInputArray == ["POINTS", "RTData"]


@in_loop
async def test_an_implicit_function_is_no_source_any_more() -> None:
    async with connect() as session:
        await session.definitions.definition("Plane")
        with pytest.raises(AttributeError, match=r"no property 'Normal'.*session\.objects\.Plane"):
            session.sources.Plane(Normal=(0, 0, 1))


@in_loop
async def test_states_with_older_names_are_loaded(tmp_path: Path) -> None:
    path = tmp_path / "older.json"
    async with connect() as session:
        wavelet = session.sources.Wavelet()
        session.filters.IsoVolume(Input=wavelet, ThresholdRange=[150.0, 200.0])
        session.filters.ProbeLocation(Input=wavelet)
        await session.save_state(str(path))
    state = json.loads(path.read_text())
    iso, probe = (
        next(one for one in state["proxies"] if one["type"] == name) for name in ("IsoVolume", "ProbeLocation")
    )
    iso["properties"] = {"LowerThreshold": 150.0, "UpperThreshold": 200.0}
    probe["properties"] = {"Center": [1.0, 2.0, 3.0]}
    path.write_text(json.dumps(state))
    async with connect() as session:
        with pytest.warns(DeprecationWarning, match="is called"):
            await session.load_state(str(path))
        by_type = {one.type_name: one for one in session.proxies}
        assert by_type["IsoVolume"].ThresholdRange == [150.0, 200.0]
        data = await by_type["ProbeLocation"].fetch()
        assert np.asarray(data.points).tolist() == [[1.0, 2.0, 3.0]]
    iso["properties"] = {"LowerThreshold": "low"}
    path.write_text(json.dumps(state))
    async with connect() as session:
        with pytest.raises(StateError, match=r"IsoVolume.ThresholdRange takes a number"):
            await session.load_state(str(path))
        assert not list(session.proxies)


def test_blocking_programs_are_told_where_they_use_one() -> None:
    with sync.connect() as session:
        wavelet = session.sources.Wavelet()
        with told() as texts:
            iso = session.filters.IsoVolume(Input=wavelet, LowerThreshold=150.0)
            iso.UpperThreshold = 200.0
        assert len(texts) == 2 and texts[0] == "IsoVolume.LowerThreshold is called IsoVolume.ThresholdRange[0] now"
        assert iso.ThresholdRange == [150.0, 200.0]


def test_the_coverage_counts_what_is_taken() -> None:
    async def counted() -> dict[str, int]:
        async with connect() as session:
            return (await measured(session)).unused_properties

    assert asyncio.run(counted()).keys().isdisjoint({"Threshold.ThresholdRange", "Calculator.AttributeMode"})
