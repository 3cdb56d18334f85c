"""Every curated type over every kind of data: no process ends, nothing is read that is not there, nothing is lost.

Cases run in processes of their own, through the pipeline as the data service does it, each with a bound of time and of
memory. What is made twice, with memory filled differently before it is given out, must be the same: what differs was
read from where nothing had been written.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

import pytest

from apvserver.vtk.types.toml_definitions import composition, hand_written_names

from ..harness.sweep_kinds import KINDS
from ..harness.sweep_pool import Outcome, Worker
from ..harness.time_limits import scaled

FILLS = (85, 170)
WITH_LIMITS = (
    *("image", "plane", "turned image", "hexahedra", "sphere", "lines", "mixed polygons", "one cell", "mixed cells"),
    *("empty grid", "NaN", "integers", "2, 4, 6 and 9 components", "texts", "blocks, some empty", "table with texts"),
)
"""Kinds of data over which each property is set to its limits."""

MAY_BE_EMPTY = {
    "ExtractSelection": "nothing is selected with the defaults",
    "Text3D": "its text is empty",
    "ProgrammableFilter": "its script does nothing",
    **{
        name: "a selection has no points or cells"
        for name in hand_written_names()
        if re.search(r"Selection(Query)?Source$|^AppendSelections$", name)
    },
}
"""Types that make nothing of something, and why that is right."""
GAPS = {
    **dict.fromkeys(
        ("PlotOverLine", "ProbeLocation", "ResampleToImage", "ResampleToLine", "ResampleWithDataset"),
        "outside of the data",
    ),
}
"""Types that promise NaN, and where: their documentation says so."""
HIDDEN_GAPS = frozenset({("Gradient", "hidden cells"), ("Gradient", "blanked structured")})
"""Types that promise NaN where something is hidden, and the kinds of which something is: with others there is none."""
EXTREME = frozenset({"huge places", "a place without end", "a place that is NaN", "all in one place", "one point"})
"""Kinds of which numbers that are not finite may come out."""


def of_group(*groups: str) -> list[str]:
    return [name for name in hand_written_names() if composition(name).definition.group in groups]


@pytest.fixture(scope="module")
def workers() -> Iterator[list[Worker]]:
    made = [Worker(fill) for fill in FILLS]
    yield made
    for worker in made:
        worker.close()


def swept(worker: Worker, types: list[str], kinds: list[str], *, limits: bool) -> dict[tuple[str, str, str], Outcome]:
    found = {}
    for type_name in types:
        for kind in kinds if composition(type_name).definition.inputs else [""]:
            found.update({one.key: one for one in worker.run(type_name, kind, limits=limits)})
    return found


def wrong(found: dict[tuple[str, str, str], Outcome]) -> dict[tuple[str, str, str], str]:
    """What ended a process, hung, or had a fault."""
    told = {}
    for key, one in found.items():
        faults = [
            fault
            for fault in one.faults
            if not (fault.startswith("not finite") and _may_have_gaps(one))
            and not (fault == "empty in silence" and one.type_name in MAY_BE_EMPTY)
        ]
        if one.outcome not in ("ok", "refused"):
            told[key] = f"{one.outcome}: {one.detail}"
        elif faults:
            told[key] = "; ".join(faults)
        elif one.outcome == "refused" and not one.detail:
            told[key] = "refused without a word"
    return told


def _may_have_gaps(one: Outcome) -> bool:
    return one.kind in EXTREME or one.type_name in GAPS or (one.type_name, one.kind) in HIDDEN_GAPS


def test_the_worst_kinds_of_data_end_nothing(workers: list[Worker]) -> None:
    kinds = ["texts", "blocks with a table"]
    found = swept(workers[0], of_group("filters", "writers"), kinds, limits=False)
    assert not wrong(found) and len(found) > 160


def test_what_ends_takes_too_long_or_is_wrong_is_noticed() -> None:
    """The sweep itself: outcomes that are none of those that are right are told."""
    ended = Outcome("Clip", "image", "defaults", "ended", "SIGSEGV")
    empty = Outcome("Clip", "plane", "defaults", "ok", faults=("input changed",))
    right = Outcome("Clip", "lines", "defaults", "refused", "it works on ...")
    assert wrong({one.key: one for one in (ended, empty, right)}) == {
        ended.key: "ended: SIGSEGV",
        empty.key: "input changed",
    }
    worker = Worker(1, {"PYTHONHOME": "/nonexistent"})
    assert [one.outcome for one in worker.run("Clip", "image", limits=False)] == ["ended"]


@pytest.mark.deep
@pytest.mark.timeout(scaled(1200))
def test_every_type_over_every_kind_of_data_makes_the_same_twice(workers: list[Worker]) -> None:
    types = of_group("sources", "filters", "writers")
    assert len(KINDS) >= 25
    first, second = (swept(worker, types, list(KINDS), limits=False) for worker in workers)
    assert not wrong(first) and not wrong(second)
    assert first.keys() == second.keys() and len(first) > 7000
    differ = {key for key, one in first.items() if one.digest != second[key].digest}
    assert not differ, "results depend on what stood in the memory"
    assert Counter(one.outcome for one in first.values())["ok"] > 4000


@pytest.mark.deep
@pytest.mark.timeout(scaled(1800))
@pytest.mark.parametrize("part", range(4))
def test_every_property_at_its_limits_ends_nothing(workers: list[Worker], part: int) -> None:
    types = of_group("sources", "filters", "writers")[part::4]
    found = swept(workers[0], types, list(WITH_LIMITS), limits=True)
    assert not wrong(found)
    assert len(found) > 1000


@pytest.mark.deep
@pytest.mark.timeout(scaled(600))
def test_every_reader_reads_a_good_file_whatever_is_set(workers: list[Worker]) -> None:
    readers = of_group("readers")
    found = swept(workers[0], readers, [], limits=True)
    assert not wrong(found)
    assert [one.type_name for one in found.values() if one.label == "defaults" and one.outcome == "ok"] == readers
