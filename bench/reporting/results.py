"""Results as plain data: rows that compare one contender with one other, and the file they are kept in."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final

from ..running.party import BACKEND
from ..running.sample import Summary
from ..scenario import Contender, Scenario
from ..targets import MEDIAN, P99, TARGETS, Target

LAST_RUN: Final = Path(".benchmarks/last-run.json")
"""Where `transport` keeps a copy of what it measured last, for `report`."""

LAST_INTERACTIVE_RUN: Final = Path(".benchmarks/last-interactive-run.json")
"""Where `interactivity` keeps its last results."""

Row = dict[str, Any]


def rows(scenario: Scenario, contenders: Iterable[Contender], summaries: Mapping[str, Summary]) -> list[Row]:
    """For each contender a row with its floor, and one more for each target against somebody else."""
    found: list[Row] = []
    for contender in contenders:
        if contender.label not in summaries:
            continue
        wanted = [target for target in TARGETS if target.applies_to(scenario.name, contender.label)]
        if contender.kind != BACKEND:
            wanted = []
        first = next((one for one in wanted if one.statistic == MEDIAN and one.against in (contender.floor, "*")), None)
        found.append(_row(scenario, contender, summaries, contender.floor, first))
        for target in wanted:
            if target is not first:
                against = contender.floor if target.against == "*" else target.against
                found.append(_row(scenario, contender, summaries, against, target))
    return found


def _row(
    scenario: Scenario,
    contender: Contender,
    summaries: Mapping[str, Summary],
    against: str | None,
    target: Target | None,
) -> Row:
    summary = summaries[contender.label]
    statistic = target.statistic if target else MEDIAN
    ours = _statistic(summary, statistic)
    theirs = _statistic(summaries[against], statistic) if against is not None and against in summaries else None
    ratio = ours / theirs if ours is not None and theirs else None
    judged = (ratio if target.against else ours) if target else None
    return {
        "scenario": scenario.name,
        "backend": contender.label,
        "kind": contender.kind,
        "unit": scenario.unit,
        "lower_is_better": scenario.lower_is_better,
        "median": summary.median,
        "p99": summary.p99,
        "p99_unit": scenario.tail_unit,
        "low": summary.low,
        "high": summary.high,
        "repetitions": summary.values,
        "operations": summary.operations,
        "extra": summary.extra,
        "against": against,
        "statistic": statistic,
        "floor": theirs,
        "ratio": ratio,
        "target": target.bound if target else None,
        "target_text": target.text if target else None,
        "met": target.met(judged) if target and judged is not None else None,
    }


def _statistic(summary: Summary, name: str) -> float | None:
    if name == MEDIAN:
        return summary.median
    return summary.p99 if name == P99 else summary.extra.get(name)


def save(document: Mapping[str, Any], path: Path) -> None:
    """Write a run's results."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")


def load(path: Path) -> dict[str, Any]:
    """Read a run's results. Raises ValueError if the file holds something else."""
    document = json.loads(path.read_text(encoding="utf-8"))
    if not isinstance(document, dict) or "scenarios" not in document:
        raise ValueError(f"{path} holds no results of `python -m bench transport`")
    return document
