"""Same name, same result: what ParaView gave, and what we give, case by case."""

from __future__ import annotations

import pytest

from servermanager import connect
from services_core import RemoteError

from ..harness.apvtest import in_loop
from ..harness.page_blocks import ROOT
from .cases import Case, cases, differences, made


@pytest.mark.filterwarnings("ignore:PointDatasetInterpolator.Source has another meaning")  # which the cases have
@pytest.mark.parametrize("case", cases(), ids=str)
@in_loop
async def test_a_type_makes_what_it_makes_in_paraview(case: Case) -> None:
    async with connect(backend="inproc") as session:
        if case.refused:
            with pytest.raises(RemoteError, match=case.refused):
                await made(session, case)
            return
        assert list(differences(case.expected, await made(session, case))) == []


def test_cases_that_differ_say_in_what_and_the_page_says_why() -> None:
    page = (ROOT / "docs" / "coming-from-paraview.md").read_text(encoding="utf-8")
    reasons = {f"{case.proxy}: {case.why}" for case in cases() if case.here or case.why}
    assert {reason for reason in reasons if reason.endswith(": ")} == set()
    assert {reason for reason in reasons if f"- {reason}.\n" not in page} == set()
    assert not [case for case in cases() if case.here and not list(differences(case.result, case.expected))]
