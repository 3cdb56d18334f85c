"""Numbers that VTK would take and could not work with: refused before it runs, with what they must be."""

from __future__ import annotations

from typing import Any

import pytest

from apvserver.vtk.base.errors import ExecutionFailed
from apvserver.vtk.pipeline.execution import Executor
from apvserver.vtk.pipeline.proxies import Pipeline
from apvserver.vtk.types import limits
from apvserver.vtk.types.toml_definitions import composition

GIB = 1024**3


def executed(type_name: str, properties: dict[str, Any], source: str | None = "Wavelet") -> Any:
    made = Pipeline()
    inputs = {}
    if source is not None:
        made.create(1, source)
        inputs = {"Input": [(1, 0)]}
    made.create(10, type_name, properties, inputs)
    Executor().execute(made, 10)
    return made.output_data(10)


@pytest.mark.parametrize(
    ("type_name", "properties"),
    [
        ("Disk", {"RadialResolution": 2**31 - 1, "CircumferentialResolution": 2**31 - 1}),
        ("Wavelet", {"WholeExtent": [0, 2**31 - 2] * 3}),
        ("Line", {"Resolution": 2**31 - 1}),
    ],
)
def test_a_source_that_would_not_fit_into_the_memory_is_refused(
    type_name: str, properties: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "memory_bytes", lambda: 64.0 * GIB)
    with pytest.raises(ExecutionFailed, match=r"would make .* points or cells, which take .* GiB or more, of 64 GiB"):
        executed(type_name, properties, None)


def test_a_refusal_stays_until_what_it_is_about_has_changed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "memory_bytes", lambda: 64.0 * GIB)
    made, executor = Pipeline(), Executor()
    made.create(1, "Cone", {"Resolution": 2**31 - 1})
    for height in (2.0, 3.0):
        with pytest.raises(ExecutionFailed, match="Resolution = 2147483647 would make"):
            executor.execute(made, 1)
        made.modify(1, {"Height": height})
    made.modify(1, {"Resolution": 6})
    executor.execute(made, 1)
    assert made.output_data(1).GetNumberOfPoints() == 7
    made.modify(1, {"Resolution": 2**31 - 1})
    with pytest.raises(ExecutionFailed, match="Resolution = 2147483647 would make"):
        executor.execute(made, 1)


def test_how_much_would_be_made_is_a_product_an_extent_or_a_power_and_of_the_input() -> None:
    def told(type_name: str, **values: Any) -> bool:
        return limits.too_large(composition(type_name).definition, {}, values) is not None

    bytes_there = limits.memory_bytes()
    assert 0 < bytes_there < float("inf")
    assert not told("ResampleToImage", SamplingDimensions=[100, 100, 100])
    assert told("ResampleToImage", SamplingDimensions=[2**20, 2**20, 2**20])
    assert not told("Wavelet", WholeExtent=[10**9, 10**9 + 5] * 3)
    assert not told("LoopSubdivision", NumberofSubdivisions=3) and told("LoopSubdivision", NumberofSubdivisions=60)
    assert not told("Sphere"), "defaults count where nothing is set"


@pytest.mark.parametrize(
    ("type_name", "properties", "words"),
    [
        ("ExtractSubset", {"SampleRate": [0, 1, 1]}, r"SampleRate is \[0, 1, 1\] and must be at least 1"),
        ("vtkExtractVOI", {"VOI": [0, 1] * 3, "SampleRate": [1, -1, 1]}, "SampleRate is .* must be at least 1"),
        ("Smooth", {"NumberofIterations": 10**9}, "NumberofIterations is 1000000000 and must be between 0 and 100000"),
        ("Histogram", {"Component": 5}, r"Component is 5, and 'RTData' has 1"),
        ("vtkAxisAlignedReflectionFilter", {"PlaneMode": 0}, "there is no ReflectionPlane"),
        ("Slice", {"SliceOffsetValues": [float("inf")]}, "must be finite"),
    ],
)
def test_numbers_outside_of_their_limits_are_refused(type_name: str, properties: dict[str, Any], words: str) -> None:
    with pytest.raises(ExecutionFailed, match=words):
        executed(type_name, properties)


def test_what_is_within_the_limits_is_made() -> None:
    assert executed("ExtractSubset", {"SampleRate": [2, 2, 2]}).GetNumberOfPoints() == 11**3
    assert executed("Line", {"Resolution": 4}, None).GetNumberOfPoints() == 5
