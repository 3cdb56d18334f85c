"""docs/benchmarks.md, made from the results of runs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from ..profiling.layers import LAYERS
from .limits import limits_of_unmet, split_of_layers
from .plots import draw
from .results import Row
from .table import number, verdict

_HEAD: Final = """\
# Benchmarks

Made by `python -m bench report` from runs of `python -m bench transport` and `python -m bench interactivity`; nothing
here was written by hand, and the next report replaces it.

Everything that is compared was measured in the same run, in turn (A B A B), on the same machine, with the same
payloads. A value is the median of {repetitions} repetitions, the spread is that of the repetitions, p99 is over all
single operations. Back-pressure, limits and deadlines were on. Ratios say more than microseconds: absolute values are
those of one machine.

| | |
|---|---|
"""

_HOW: Final = """\

## Measure it yourself

[measuring.md](measuring.md) says how this page is made, and how two states of the project are compared.

**Who is who.** A *backend* runs behind endpoints and services, with every promise kept; one that crosses processes has
its server in a process of its own. *Floors* do the same with none of the promises: `queue` is a SimpleQueue to a
thread and call_soon_threadsafe back; `pyzmq` is a blocking DEALER and ROUTER, one frame, `copy=False` for arrays;
`zmq.asyncio` is its sockets on both sides with as many coroutines as requests in flight (*pipelined*: one coroutine
that sends ahead and relies on the order of answers); `raw TCP` is blocking sockets, arrays into a buffer that is used
again; `memcpy` copies the array within one process;
`bare threads` has our threads (an asyncio loop that owns its socket, a communication and a service thread) and none of
our contract: no packets, limits, windows, deadlines, cancellation or errors. *Peers* are other libraries, called as
their users call them.
"""

_LAYERS_HEAD: Final = """
## Where the time of one request goes

Microseconds between marks left along its way, one request of 100 B at a time: medians, scaled to add up to the median
of the whole. A layer without a number is part of the next one.

"""


def write_report(runs: Sequence[Mapping[str, Any]], docs: Path) -> Path:
    """Write the page and its plots; of several runs the last that has a scenario tells about it."""
    document = merged(runs)
    drawn = draw(document, docs / "images")
    parts = [_head(document), _targets(document["scenarios"])]
    parts += [f"\n![{text}](images/{name})\n" for name, text in drawn if name == "benchmark-targets.svg"]
    parts += [_layers(document.get("layers") or []), _limits(document["scenarios"])]
    parts += [f"\n![{text}](images/{name})\n" for name, text in drawn if name == "benchmark-layers.svg"]
    parts += ["\n## Plots\n\nBlue: backends; grey: floors; orange: peers; thin lines: the spread of the repetitions.\n"]
    parts += [
        f"\n![{text}](images/{name})\n"
        for name, text in drawn
        if name not in ("benchmark-targets.svg", "benchmark-layers.svg")
    ]
    parts += [_results(document), _absent(document), _HOW]
    path = docs / "benchmarks.md"
    path.write_text("".join(parts), encoding="utf-8")
    return path


def merged(runs: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """One document of several: everything of the last, and what only earlier ones have measured."""
    document: dict[str, Any] = dict(runs[-1])
    for run in reversed(runs[:-1]):
        known = {row["scenario"] for row in document["scenarios"]}
        document["scenarios"] = [row for row in run["scenarios"] if row["scenario"] not in known] + document[
            "scenarios"
        ]
        document["about"] = {**run.get("about", {}), **document.get("about", {})}
        for key in ("layers", "absent", "plan"):
            document[key] = document.get(key) or run.get(key)
    order = list(document.get("about", {}))
    document["scenarios"].sort(key=lambda row: order.index(row["scenario"]) if row["scenario"] in order else len(order))
    return document


def _head(document: Mapping[str, Any]) -> str:
    machine = document["machine"]
    load = machine.get("load_before")
    lines = {
        "commit": f"`{document['commit']}`",
        "date": document.get("date", "unknown"),
        "machine": f"{machine['processor']}, {machine['cores']} cores, {machine['memory_gib']} GiB",
        "system": machine["system"],
        "load before the run": "unknown" if load is None else f"{load:.2f} (of other programs; 0 is quiet)",
        "versions": f"Python {machine['python']}, "
        + ", ".join(f"{name} {version}" for name, version in machine["packages"].items()),
    }
    repetitions = (document.get("plan") or {}).get("repetitions", "several")
    return _HEAD.format(repetitions=repetitions) + "".join(f"| {name} | {text} |\n" for name, text in lines.items())


def _targets(rows: Iterable[Row]) -> str:
    wanted = [row for row in rows if row["target"] is not None]
    if not wanted:
        return ""
    text = "\n## Targets\n\n| scenario | backend | to reach | reached | met |\n|---|---|---|---|---|\n"
    for row in wanted:
        text += f"| {row['scenario']} | {row['backend']} | {row['target_text']} | {_reached(row)} | {verdict(row)} |\n"
    return text


def _reached(row: Row) -> str:
    if row["against"] and row["ratio"] is not None and row["statistic"] not in row["extra"]:
        return f"{number(row['ratio'])} x"
    if row["met"] is None:
        return "not measured"
    if row["statistic"] in row["extra"]:
        return number(row["extra"][row["statistic"]])
    return f"{number(row[row['statistic']])} {row['p99_unit' if row['statistic'] == 'p99' else 'unit']}"


def _layers(measured: Sequence[Mapping[str, Any]]) -> str:
    if not measured:
        return ""
    text = _LAYERS_HEAD
    text += "| layer | " + " | ".join(one["backend"] for one in measured) + " |\n"
    text += "|---|" + "---:|" * len(measured) + "\n"
    columns = [{layer["mark"]: layer["us"] for layer in one["layers"]} for one in measured]
    for mark, layer in LAYERS.items():
        if any(mark in column for column in columns):
            cells = " | ".join(f"{column[mark]:.1f}" if mark in column else "" for column in columns)
            text += f"| {mark.partition('.')[0]}: {layer} | {cells} |\n"
    text += "| **all** | " + " | ".join(f"**{one['total_us']:.0f}**" for one in measured) + " |\n"
    return text + "\n" + split_of_layers(measured)


def _limits(rows: Sequence[Row]) -> str:
    found = limits_of_unmet(rows)
    return f"\n### What limits the ratios of requests that are not reached\n\n{found}" if found else ""


def _results(document: Mapping[str, Any]) -> str:
    text = "\n## All results\n"
    names = list(dict.fromkeys(row["scenario"] for row in document["scenarios"]))
    for name in names:
        rows = [row for row in document["scenarios"] if row["scenario"] == name]
        text += f"\n### {name}\n\n{document.get('about', {}).get(name, '')}\n\n"
        text += f"| | {rows[0]['unit']} | spread | p99 | ratio | to | |\n|---|---:|---:|---:|---:|---|---|\n"
        if rows[0].get("classic"):
            text = text.replace(f"\n### {name}\n", f"\n### {name}\n\nParaView 5.11: {rows[0]['classic']}.\n")
        seen: set[str] = set()
        for row in rows:
            first = row["backend"] not in seen
            seen.add(row["backend"])
            text += _line(row, first=first)
    return text


def _line(row: Row, *, first: bool) -> str:
    p99 = f"{number(row['p99'])} {row['p99_unit']}" if row["p99"] is not None else ""
    extra = ", ".join(f"{name} {number(value)}" for name, value in row["extra"].items())
    label = f"**{row['backend']}**" if row["kind"] == "backend" else row["backend"]
    own = [label, number(row["median"]), f"{number(row['low'])} to {number(row['high'])}", p99] if first else [""] * 4
    statistic = "" if row["statistic"] == "median" else f" ({row['statistic']})"
    compared = f"{row['against']}{statistic}" if row["ratio"] is not None else ""
    cells = [*own, number(row["ratio"]), compared, extra if first else ""]
    return f"| {' | '.join(cells)} |\n" if first or row["ratio"] is not None else ""


def _absent(document: Mapping[str, Any]) -> str:
    absent = document.get("absent") or []
    if not absent:
        return ""
    reasons = dict.fromkeys(f"- {one['label']}: {one['reason'].strip().splitlines()[-1]}\n" for one in absent)
    return "\n## Not measured\n\n" + "".join(reasons)
