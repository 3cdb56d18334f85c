"""What limits a ratio that is not reached: said from the same run, by a floor with our threads and the layers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from ..floors import BareThreads, QueueHop
from .results import Row

_HAND_OVERS: Final = frozenset(
    {"client.io", "server.deliver", "server.process", "server.io", "client.deliver", "client.awake"}
)
"""Layers in which a thread or process waits until another was woken; the others are our own code."""


def split_of_layers(measured: Iterable[Mapping[str, Any]]) -> str:
    """One line for each backend: how much of a request is hand-overs and how much our own code."""
    text = ""
    for one in measured:
        total_us = one["total_us"]
        hand_overs_us = sum(layer["us"] for layer in one["layers"] if layer["mark"] in _HAND_OVERS)
        share = f"{hand_overs_us:.0f} us ({hand_overs_us / total_us:.0%})"
        rest = f"{total_us - hand_overs_us:.0f} us in our own code"
        text += f"- {one['backend']}: {share} pass while a thread or process is handed something and wakes, {rest}.\n"
    return text


def limits_of_unmet(rows: Sequence[Row]) -> str:
    """One line for each unmet ratio of requests: what the same threads reach without any of our promises."""
    bare = {row["scenario"]: row["median"] for row in rows if row["backend"] == BareThreads.label}
    text = ""
    for row in rows:
        if row["against"] == QueueHop.label:
            continue  # within a process, which those threads do not stay in
        median = bare.get(row["scenario"])
        if row["met"] is False and row["floor"] and row["ratio"] is not None and median is not None:
            text += (
                f"- {row['scenario']}, {row['backend']}: {row['target_text']} is asked for, {row['ratio']:.2f} x was "
                f"reached; *{BareThreads.label}*, a DEALER and a ROUTER with threads like ours, reach "
                f"{median / row['floor']:.2f} x.\n"
            )
    return text
