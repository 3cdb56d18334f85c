"""The result as a part of docs/platforms.md, and versions that it was had with: plain functions."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from async_paraview.atomic_files import write_file

from .environment import ROOT
from .judged import reason_of
from .suites import SUITES, Outcome

PAGE: Final = ROOT / "docs" / "platforms.md"
BEGIN: Final = "<!-- result of make test-windows -->\n"
END: Final = "<!-- end of result -->\n"


def result_of(outcomes: Mapping[str, Outcome], *, versions: str) -> str:
    """Return the table of the suites, and what failed of them with the reason why that is not ours."""
    rows = [
        f"{versions}.",
        "",
        "| suite | passed | failed | of these wine's | skipped | seconds | last run |",
        "|---|---|---|---|---|---|---|",
    ]
    rows += [_row(suite.name, outcomes.get(suite.name)) for suite in SUITES]
    wrong = [(name, test, said) for name, one in outcomes.items() for test, said in one.failed.items()]
    judged = [(test, reason) for _, test, _ in wrong if (reason := reason_of(test)) is not None]
    if judged:
        rows += ["", "Failures of wine, or of this environment:", ""]
        rows += [f"- `{test}`: {reason}" for test, reason in judged]
    ours = [(name, test, said) for name, test, said in wrong if reason_of(test) is None]
    if ours:
        rows += ["", "Failures without such a reason:", ""]
        rows += [f"- {name}, `{test}`: {said}" for name, test, said in ours]
    return "\n".join(rows) + "\n"


def _row(name: str, outcome: Outcome | None) -> str:
    if outcome is None:
        return f"| {name} | | | | | | not run |"
    judged = sum(reason_of(test) is not None for test in outcome.failed)
    note = f" ({outcome.broken})" if outcome.broken else ""
    return (
        f"| {name}{note} | {len(outcome.passed)} | {len(outcome.failed)} | {judged} | {outcome.skipped} | "
        f"{outcome.seconds:.0f} | {outcome.when} |"
    )


def with_result(page: str, result: str) -> str:
    """Return the page with this result in place of the one before. Raises ValueError if it has no place for one."""
    before, begin, rest = page.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"docs/platforms.md has no place for the result: {BEGIN.strip()} ... {END.strip()}")
    return f"{before}{BEGIN}{result}{END}{after}"


def write_result(result: str, page: Path = PAGE) -> None:
    """Write it into the page."""
    write_file(page, with_result(page.read_text(encoding="utf-8"), result))
