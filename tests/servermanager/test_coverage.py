"""What is here of ParaView's names: the sums as lower bounds, and the comparison itself."""

from __future__ import annotations

import asyncio

import pytest

from servermanager import connect
from servermanager.coverage import Coverage, compared, paraview_types, paraview_uses, paraview_version
from servermanager.coverage.__main__ import details, measured, table

from ..harness.time_limits import scaled


async def _measured() -> Coverage:
    async with await connect() as session:
        return await measured(session)


@pytest.mark.timeout(scaled(120))
def test_no_name_is_lost() -> None:
    found = asyncio.run(_measured())
    same = {one.group: len(one.same) for one in found.groups}
    for group, least in (("sources", 46), ("readers", 102), ("filters", 236), ("writers", 32)):
        assert same[group] >= least, group
    properties = {one.group: one.properties_here for one in found.groups}
    for group, least in (("sources", 230), ("readers", 449), ("filters", 1125), ("writers", 437)):
        assert properties[group] >= least, group
    assert same["views"] >= 10 and same["representations"] >= 10
    assert properties["views"] >= 790 and properties["representations"] >= 209
    shares = {kind: here / uses for kind, (uses, here) in found.uses.items()}
    assert {kind for kind, share in shares.items() if share < 0.95} == set() and len(shares) == 5
    uses = paraview_uses("types")
    most = sorted(uses, key=lambda name: -(uses[name].scripts + uses[name].tests))[:60]
    assert set(most) - {name for one in found.groups for name in one.same} == set(), "of the 60 used most"
    text = table(found)
    assert "filters" in text and "names in scripts" in text
    assert "used names that are not here: " in details(found)


def test_the_data_is_that_of_paraview() -> None:
    assert paraview_version() == "6.2"
    assert len(paraview_types("filters")) == 294 and len(paraview_types("writers")) == 47
    slice_ = next(one for one in paraview_types("filters") if one.xml == "Cut")
    assert slice_.name == "Slice" and slice_.properties["ContourValues"] == "SliceOffsetValues"
    assert paraview_uses("types")["Sphere"].scripts > 50


def test_names_are_sorted_by_how_they_are_here() -> None:
    listed = {"sources": {"Sphere": True, "PointSource": False, "HyperTreeGridSource": False}, "filters": {}}
    properties = {name: frozenset({"Radius"}) for name in ("Sphere", "representations", "views")}
    found = compared(listed, properties)
    sources = next(one for one in found.groups if one.group == "sources")
    assert sources.same == ["Sphere"] and sources.bare == ["PointSource"] and sources.other == ["HyperTreeGrid"]
    assert "Cone" in sources.absent and sources.total == 58
    assert sources.properties_here == 1 and "Center" in sources.missing["Sphere"]
    uses, here = found.uses["names in scripts"]
    assert here == paraview_uses("types")["Sphere"].scripts < uses
