"""Same name, same result: what ParaView gave, and what we give, case by case."""

from __future__ import annotations

from typing import Final

import pytest

from servermanager import Session, connect
from services_core import RemoteError

from ..harness.apvtest import in_loop
from ..harness.page_blocks import ROOT
from .cases import Case, cases, differences, made

_NAMES: Final = """
AddFieldArrays AnnotateTimeFilter ContourGenericDataset ExtractComponent FastUniformGrid
GenerateSurfaceNormals GradientOfUnstructuredDataSet IntersectFragments KMeans LevelScalarsOverlappingAMR Logo
MaterialInterfaceFilter SliceWithPlane SurfaceFlow TimeStepProgressBar
"""
MISSING: Final = frozenset(_NAMES.split())
"""Types of ParaView 5.11 in the cases that there may be none of here, at most."""


async def is_known(session: Session, kind: str) -> bool:
    try:
        await session.definitions.definition(kind)
    except RemoteError as error:
        if error.type_name == "UnknownType":
            return False
        raise
    return True


@pytest.mark.parametrize("case", cases(), ids=str)
@in_loop
async def test_a_type_makes_what_it_makes_in_paraview(case: Case) -> None:
    async with connect(backend="inproc") as session:
        if case.proxy in MISSING and not await is_known(session, case.proxy):
            pytest.skip(f"there is no type {case.proxy} here")
        if case.refused:
            with pytest.raises(RemoteError, match=case.refused):
                await made(session, case)
            return
        assert list(differences(case.expected, await made(session, case))) == []


def test_cases_that_differ_say_in_what_and_the_page_says_why() -> None:
    page = (ROOT / "docs" / "coming-from-paraview.md").read_text(encoding="utf-8")
    reasons = {f"{case.proxy}: {case.why}" for case in cases() if case.here}
    assert {reason for reason in reasons if reason.endswith(": ")} == set()
    assert {reason for reason in reasons if f"- {reason}.\n" not in page} == set()
    assert not [case for case in cases() if case.here and not list(differences(case.result, case.expected))]
