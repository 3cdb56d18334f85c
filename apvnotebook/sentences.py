"""What is written below a live picture: how it is, and what was found in it. Plain functions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from servermanager.ui.pictures import FeedState
from servermanager.views.picking import PickResult
from services_core import ConnectionState

MOST_VALUES: Final = 6
"""So many arrays are told of what was picked."""


def said_of_state(state: FeedState) -> str:
    """Return what is said of a feed; nothing while pictures come, or the page itself wants none."""
    if state.kind == "failed":
        return f"No picture: {state.reason}"
    if state.kind == "waiting" and state.reason:
        return f"Waiting for the server: {state.reason}"
    return ""


def said_of_connection(state: ConnectionState) -> str:
    """Return what is said of a connection; nothing while it stands."""
    if state.kind == "reconnecting":
        return f"Reconnecting: {state.reason}"
    return f"The server was lost: {state.reason}" if state.kind == "lost" else ""


def said_of_pick(found: PickResult | None) -> str:
    """Return what is where somebody has clicked; nothing of the background."""
    if found is None:
        return ""
    place = ", ".join(f"{one:.6g}" for one in found.position)
    cell = "" if found.cell is None else f", cell {found.cell}"
    proxy = found.source.proxy
    lines = [f"{proxy.session.proxies.name(proxy)}: ({place}), point {found.point}{cell}"]
    values = [*_values("point", found.point_values), *_values("cell", found.cell_values)]
    more = [f"... {len(values) - MOST_VALUES} more"] if len(values) > MOST_VALUES else []
    return "\n".join([*lines, *values[:MOST_VALUES], *more])


def _values(kind: str, values: Mapping[str, Any]) -> list[str]:
    return [f"{kind} {name}: {_value(value)}" for name, value in values.items()]


def _value(value: Any) -> str:
    if isinstance(value, (list, tuple)):
        return ", ".join(_value(one) for one in value)
    return f"{value:.6g}" if isinstance(value, float) else str(value)
