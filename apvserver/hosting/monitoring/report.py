"""What `status` tells, in words and columns for people: plain functions of plain data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from ...memory import size_text

COLUMNS: Final = ("SESSION", "AGE", "CLIENTS", "AWAY", "PID", "MEMORY", "REQUESTS/s", "BYTES/s", "QUEUED", "DOING")


def server_lines(status: Mapping[str, Any], url: str) -> Iterator[str]:
    """Yield the lines of `apvserver status`."""
    now = status["now"]
    found = status["sessions"]
    away = sum(one["away_since"] is not None for one in found)
    held = [one["memory_bytes"] for one in found if one["memory_bytes"] is not None]
    yield f"apvserver {status['version']} at {url} (process {status['pid']}, backend {status['backend']})"
    yield f"up {age(now - status['since'])}{', draining: it opens no further sessions' if status['draining'] else ''}"
    yield (
        f"{_count(len(found), 'session')}, {away} away; {_count(sum(len(one['clients']) for one in found), 'client')}; "
        f"workers hold {_size(sum(held)) if held else 'an unknown amount'}"
    )
    yield _waiting(found)
    yield from waiting_lines(status)
    answered = status["requests"]
    mean = f", {status['request_s'] / answered * 1e3:.1f} ms each" if answered else ""
    yield (
        f"{_count(answered, 'request')} answered{mean}; {_size(status['received_bytes'])} received, "
        f"{_size(status['sent_bytes'])} sent"
    )


def _waiting(found: Sequence[Mapping[str, Any]]) -> str:
    waits = sum(one["queued_bytes"] or 0 for one in found)
    may = {one["may_queue_bytes"] for one in found} - {None}
    return f"{_size(waits)} wait{f'; in each session {size_text(min(may))} may' if may else ''}"


def waiting_lines(status: Mapping[str, Any]) -> Iterator[str]:
    """Yield a line about the clients that wait for a session, if there are any."""
    if (waiting := status["waiting"]) and status["waiting_since"] is not None:
        wait = "waits" if waiting == 1 else "wait"
        yield (
            f"{_count(waiting, 'client')} {wait} for a session, the first for "
            f"{age(status['now'] - status['waiting_since'])}"
        )


def session_table(status: Mapping[str, Any], before: Mapping[str, Any] | None = None) -> Iterator[str]:
    """Yield a line of headings and one for each session; rates are those since `before`, an earlier status."""
    earlier = {} if before is None else {one["name"]: one for one in before["sessions"]}
    seconds = 0.0 if before is None else status["now"] - before["now"]
    rows = [COLUMNS, *(_row(one, earlier.get(one["name"]), status["now"], seconds) for one in status["sessions"])]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        yield "  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)).rstrip()


def session_lines(status: Mapping[str, Any]) -> Iterator[str]:
    """Yield a line for each session, for a log."""
    for one in status["sessions"]:
        clients = ", ".join(f"{seat['role']} {seat['client']}" for seat in one["clients"])
        away = "" if one["away_since"] is None else f", away for {age(status['now'] - one['away_since'])}"
        yield (
            f"session {one['name']}: process {one['pid']}, {clients or 'no clients'}{away}, {one['requests']} requests "
            f"answered, {doing(one, status['now'])}"
        )


def doing(session: Mapping[str, Any], now: float) -> str:
    """Return what a session executes, and for how long it has."""
    executing = [f"{one['what']} for {age(now - one['since'])}" for one in session["executing"]]
    busy = [
        f"{one['name']}: {one['doing'] or 'busy'} for {age(now - one['since'])}"
        for one in session["services"]
        if one["since"] is not None
    ]
    return "; ".join(executing or busy) or ("idle" if session["ready"] else "beginning")


def age(seconds: float) -> str:
    """Return a time as people say it: 12 s, 3 min 20 s, 5 h 2 min, 3 d 4 h."""
    whole = max(0, int(seconds))
    for large, small, names in ((86400, 3600, ("d", "h")), (3600, 60, ("h", "min")), (60, 1, ("min", "s"))):
        if whole >= large:
            return f"{whole // large} {names[0]} {whole % large // small} {names[1]}"
    return f"{whole} s"


def _row(one: Mapping[str, Any], before: Mapping[str, Any] | None, now: float, seconds: float) -> Sequence[str]:
    return (
        one["name"],
        age(now - one["since"]),
        str(len(one["clients"])),
        "-" if one["away_since"] is None else age(now - one["away_since"]),
        str(one["pid"]),
        "?" if one["memory_bytes"] is None else _size(one["memory_bytes"]),
        *_rates(one, before, seconds),
        "?" if one["queued_bytes"] is None else _size(one["queued_bytes"]),
        doing(one, now),
    )


def _rates(one: Mapping[str, Any], before: Mapping[str, Any] | None, seconds: float) -> tuple[str, str]:
    if before is None or seconds <= 0:
        return "-", "-"
    requests = (one["requests"] - before["requests"]) / seconds
    moved = sum(one[name] - before[name] for name in ("received_bytes", "sent_bytes"))
    return f"{requests:.1f}", _size(moved / seconds)


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"


def _size(bytes_: float) -> str:
    for unit, size in (("GB", 1e9), ("MB", 1e6), ("kB", 1e3)):
        if bytes_ >= size:
            return f"{bytes_ / size:.1f} {unit}"
    return f"{bytes_:.0f} B"
