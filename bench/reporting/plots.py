"""The plots of docs/benchmarks.md."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter

from ..profiling.layers import LAYERS
from ..running.party import BACKEND, FLOOR, PEER, REFERENCE
from .results import Row
from .table import number

COLORS: Final = {BACKEND: "#1f6fb2", FLOOR: "#8a8f98", PEER: "#c9803a", REFERENCE: "#9fc3e0"}
MET: Final = {True: "#3a8f4d", False: "#c0392b", None: "#8a8f98"}
_LAYER_COLORS: Final = mpl.colormaps["tab20"].colors  # type: ignore[attr-defined]  # of maps that are lists
_WAKES: Final = "wakes"


def draw(document: Mapping[str, Any], directory: Path) -> list[tuple[str, str]]:
    """Draw what there are results for; returns file names and what each shows."""
    directory.mkdir(parents=True, exist_ok=True)
    drawn = []
    for name, text, plot in _PLOTS:
        figure = plot(document)
        if figure is not None:
            (directory / f"benchmark-{name}.svg").write_text(_svg(figure), encoding="utf-8")
            drawn.append((f"benchmark-{name}.svg", text))
    return drawn


def targets(document: Mapping[str, Any]) -> Figure | None:
    """How far each target is reached: 1 is the bound itself."""
    rows = [row for row in document["scenarios"] if row["met"] is not None]
    if not rows:
        return None
    figure, axes = _figure(0.34 * len(rows) + 1.2)
    for index, row in enumerate(reversed(rows)):
        reached = _reached(row)
        axes.plot([1, reached], [index, index], color=MET[row["met"]], linewidth=3, solid_capstyle="round")
        axes.plot([reached], [index], "o", color=MET[row["met"]], markersize=6)
    axes.axvline(1, color="#333333", linewidth=1)
    axes.set_xscale("log")
    labels = [f"{row['scenario']}, {row['backend']}: {row['target_text']}" for row in reversed(rows)]
    axes.set_yticks(range(len(rows)), labels, fontsize=8)
    axes.set_xlabel("reached / asked for (right of the line: met)")
    axes.xaxis.set_major_formatter(FuncFormatter(_plain))
    return figure


def requests(document: Mapping[str, Any]) -> Figure | None:
    """Round trip and rates, of everybody."""
    names = [f"request/{count} in flight/100 B" for count in (1, 32, 256)]
    return _bars(document, [name for name in names if _rows(document, name)])


def arrays(document: Mapping[str, Any]) -> Figure | None:
    """Throughput over the size of the array."""
    sizes = ["64 KiB", "1 MiB", "64 MiB", "1 GiB"]
    directions = [one for one in ("receive", "send") if _rows(document, f"array {one}/{sizes[0]}")]
    if not directions:
        return None
    figure = Figure(figsize=(9, 3.6), layout="constrained")
    for place, direction in enumerate(directions, start=1):
        axes = figure.add_subplot(1, len(directions), place)
        found: dict[str, dict[int, Row]] = {}
        for index, size in enumerate(sizes):
            for row in _rows(document, f"array {direction}/{size}"):
                if row["kind"] != PEER:
                    found.setdefault(row["backend"], {})[index] = row
        for label, points in found.items():
            ours = next(iter(points.values()))["kind"] == BACKEND
            values = [point["median"] for point in points.values()]
            axes.plot(list(points), values, "o-" if ours else "s--", label=label, linewidth=2 if ours else 1.2)
        axes.set_xticks(range(len(sizes)), sizes)
        axes.set_yscale("log")
        axes.yaxis.set_major_formatter(FuncFormatter(_plain))
        axes.set_ylabel("GB/s")
        axes.set_title(f"{direction}", fontsize=10)
        axes.grid(axis="y", alpha=0.3, which="both")
        axes.legend(fontsize=8)
    return figure


def peers(document: Mapping[str, Any]) -> Figure | None:
    """64 MiB from everybody."""
    return _bars(document, [name for name in ("array receive/64 MiB", "connect/first reply") if _rows(document, name)])


def tails(document: Mapping[str, Any]) -> Figure | None:
    """Median and 99th percentile where something else goes on."""
    rows = [
        row
        for row in _distinct(document)
        if row["scenario"].startswith(("mixed/", "busy/", "idle/request")) and row["p99"] is not None
    ]
    if not rows:
        return None
    figure, axes = _figure(0.3 * len(rows) + 1.2)
    for index, row in enumerate(reversed(rows)):
        scale = 1e-3 if row["unit"] == "us" else 1.0
        middle, tail = row["median"] * scale, row["p99"] * scale
        axes.plot([middle, tail], [index, index], color=COLORS[row["kind"]], linewidth=3, solid_capstyle="round")
        axes.plot([middle], [index], "o", color=COLORS[row["kind"]], markersize=6)
        axes.text(tail * 1.12, index, f"{number(tail)} ms", va="center", fontsize=8)
    axes.set_xscale("log")
    axes.xaxis.set_major_formatter(FuncFormatter(_plain))
    axes.margins(x=0.12)
    labels = [f"{row['scenario']}, {row['backend']}" for row in reversed(rows)]
    axes.set_yticks(range(len(rows)), labels, fontsize=8)
    axes.set_xlabel("ms: the dot is the median, the line ends at the 99th percentile")
    return figure


def layers(document: Mapping[str, Any]) -> Figure | None:
    """Where the time of one request goes; what is waiting for a thread to wake is hatched."""
    measured = document.get("layers")
    if not measured:
        return None
    found_marks = {layer["mark"] for one in measured for layer in one["layers"]}
    marks = [mark for mark in LAYERS if mark in found_marks]
    figure = Figure(figsize=(9, 0.5 * len(measured) + 3.4), layout="constrained")
    axes = figure.add_subplot()
    left = [0.0] * len(measured)
    for index, mark in enumerate(marks):
        found = [next((one for one in each["layers"] if one["mark"] == mark), None) for each in measured]
        text = next(one["layer"] for one in found if one is not None)
        widths = [one["us"] if one else 0.0 for one in found]
        axes.barh(
            range(len(measured)),
            widths,
            left=left,
            height=0.62,
            color=_LAYER_COLORS[index % len(_LAYER_COLORS)],
            hatch="///" if _WAKES in text else None,
            edgecolor="white",
            linewidth=0.4,
            label=f"{mark.partition('.')[0]}: {text}",
        )
        left = [begin + width for begin, width in zip(left, widths, strict=True)]
    axes.set_yticks(range(len(measured)), [one["backend"] for one in measured])
    axes.invert_yaxis()
    axes.set_xlabel("us of one request, from the call to the line after the await")
    figure.legend(loc="outside lower center", ncols=2, fontsize=7)
    return figure


_PLOTS: tuple[tuple[str, str, Callable[[Mapping[str, Any]], Figure | None]], ...] = (
    ("targets", "Targets: how far each is reached", targets),
    ("requests", "Requests: one round trip, and how many a second", requests),
    ("arrays", "Arrays: throughput over size", arrays),
    ("peers", "Beside peers: an array of 64 MiB, and a new connection", peers),
    ("tails", "Tails: while something else goes on", tails),
    ("layers", "One request, layer by layer", layers),
)


def _bars(document: Mapping[str, Any], names: Sequence[str]) -> Figure | None:
    if not names:
        return None
    most = max(len(_rows(document, name)) for name in names)
    figure = Figure(figsize=(4.4 * len(names), 0.27 * most + 1.3), layout="constrained")
    for place, name in enumerate(names, start=1):
        axes = figure.add_subplot(1, len(names), place)
        rows = sorted(_rows(document, name), key=lambda row: row["median"], reverse=rows_ascend(name, document))
        axes.barh([row["backend"] for row in rows], [row["median"] for row in rows], color=_colors(rows), height=0.7)
        for index, row in enumerate(rows):
            axes.errorbar(
                row["median"],
                index,
                xerr=[[row["median"] - row["low"]], [row["high"] - row["median"]]],
                color="#333333",
                linewidth=1,
            )
            axes.text(row["high"] * 1.08, index, _value(row), va="center", fontsize=8)
        axes.set_xscale("log")
        values = [row["median"] for row in rows]
        axes.set_xlim(min(values) * 0.5, max(values) * 30)  # room for the text
        axes.xaxis.set_major_formatter(FuncFormatter(_plain))
        axes.tick_params(labelsize=8)
        direction = "less is better" if rows[0]["lower_is_better"] else "more is better"
        axes.set_title(f"{name} ({rows[0]['unit']}, {direction})", fontsize=9)
    return figure


def rows_ascend(name: str, document: Mapping[str, Any]) -> bool:
    """Whether the best is the smallest, so that it is drawn on top."""
    return bool(_rows(document, name)[0]["lower_is_better"])


def _rows(document: Mapping[str, Any], name: str) -> list[Row]:
    return [row for row in _distinct(document) if row["scenario"] == name]


def _distinct(document: Mapping[str, Any]) -> list[Row]:
    return list({(row["scenario"], row["backend"]): row for row in reversed(document["scenarios"])}.values())[::-1]


def _colors(rows: Sequence[Row]) -> list[str]:
    return [COLORS[row["kind"]] for row in rows]


def _reached(row: Row) -> float:
    value = row["ratio"] if row["against"] and row["ratio"] is not None else _absolute(row)
    at_most = "at most" in row["target_text"]
    return float(row["target"] / value if at_most else value / row["target"]) if value else 1e3


def _value(row: Row) -> str:
    return number(row["median"]) + (f" ({row['ratio']:.2g} x {row['against']})" if row["ratio"] is not None else "")


def _absolute(row: Row) -> float:
    if row["statistic"] in row["extra"]:
        return float(row["extra"][row["statistic"]])
    return float(row[row["statistic"]])


def _figure(height: float) -> tuple[Figure, Axes]:
    figure = Figure(figsize=(9, height), layout="constrained")
    axes = figure.add_subplot()
    axes.grid(axis="x", alpha=0.3)
    return figure, axes


def _plain(value: float, _position: object = None) -> str:
    return f"{value:,.0f}" if value >= 10 else f"{value:g}"


def _svg(figure: Figure) -> str:
    """Return the file of a figure; the same results give the same file."""
    buffer = io.StringIO()
    with mpl.rc_context({"svg.hashsalt": "bench", "svg.fonttype": "path"}):
        figure.savefig(buffer, format="svg", metadata={"Date": None}, facecolor="white")
    return re.sub(r"[ \t]+$", "", buffer.getvalue(), flags=re.MULTILINE)
