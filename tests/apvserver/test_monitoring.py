"""What operators are told, piece by piece and without processes: counters, figures, words, log lines, draining."""

from __future__ import annotations

import json
import logging
import re
import threading
from pathlib import Path
from typing import Any

import pytest

from apvserver.hosting.monitoring.draining import Ending
from apvserver.hosting.monitoring.figures import Figures, FiguresFile, ServiceFigures, look_at, read_figures
from apvserver.hosting.monitoring.report import COLUMNS, age, server_lines, session_table
from apvserver.hosting.monitoring.traffic import BOUNDS_S, MeteredChannel, Traffic
from apvserver.log_format import ContextFilter, JsonFormatter, TextFormatter, about_session
from services_core import Budget, Channel, ChannelReceiver, IncomingCall, Kind, Message, Packet, Service, ServicesEngine

from ..harness.apvtest import ROOT, poll
from ..harness.time_limits import scaled


class Recorded(Channel):
    """A channel that keeps what is sent."""

    def __init__(self) -> None:
        self.sent: list[Message] = []

    def start(self, receiver: ChannelReceiver) -> None:
        """Nothing arrives."""

    def send(self, message: Message) -> None:
        """Keep it."""
        self.sent.append(message)

    def flush(self, gather: int | None = None) -> None:
        """Nothing waits."""

    def close(self) -> None:
        """Nothing is open."""


class Clock:
    """A time that the test sets."""

    now = 100.0

    def __call__(self) -> float:
        return self.now


def test_requests_are_counted_when_they_are_answered_with_the_time_they_took() -> None:
    clock, total = Clock(), Traffic()
    traffic = Traffic(total)
    channel = Recorded()
    meter = MeteredChannel(channel, traffic, clock=clock)
    asked, answer = Packet({"op": "fetch"}), Packet({}, [bytes(5000)])
    meter.arrived([Message(Kind.REQUEST, 1, packet=asked), Message(Kind.REQUEST, 2, packet=asked)])
    meter.arrived([Message(Kind.REQUEST, 3, packet=asked), Message(Kind.CANCEL, 2), Message(Kind.PING, 1)])
    clock.now += 0.02
    meter.send(Message(Kind.REPLY, 1, packet=answer))
    meter.send(Message(Kind.ITEM, 7, 1, packet=answer))
    clock.now += 200
    meter.send(Message(Kind.ERROR, 3, packet=Packet({})))
    meter.send(Message(Kind.REPLY, 2, packet=answer))  # was cancelled: its answer was under way
    for counts in (traffic.counts(), total.counts()):
        assert counts.received_bytes == 3 * len(asked.header_bytes)
        assert counts.sent_bytes == 3 * (5000 + len(answer.header_bytes)) + 1
        assert counts.requests == 2 and counts.request_seconds == pytest.approx(0.02 + 200.02)
        assert {place: count for place, count in enumerate(counts.by_duration) if count} == {3: 1, len(BOUNDS_S): 1}
    assert len(channel.sent) == 4


def test_what_a_session_counts_stays_in_the_total_when_it_has_ended() -> None:
    total = Traffic()
    for size_bytes in (10, 20):
        Traffic(total).received(size_bytes)
    assert total.counts().received_bytes == 30


class Busy(Service):
    """Works until it is let go."""

    def __init__(self) -> None:
        super().__init__("busy")
        self.began, self.go_on = threading.Event(), threading.Event()
        self.logged: list[dict[str, Any]] = []

    def process(self, incoming: IncomingCall) -> Packet:
        """Wait."""
        record = logging.makeLogRecord({"msg": "at it", "levelname": "INFO", "name": "here"})
        ContextFilter().filter(record)
        self.logged.append(json.loads(JsonFormatter("test").format(record)))
        self.began.set()
        self.go_on.wait(scaled(20))
        return Packet()


def test_figures_say_what_a_service_is_at_and_log_lines_which_request(tmp_path: Path) -> None:
    with ServicesEngine("inproc") as engine:
        service = Busy()
        engine.add_service(service)
        endpoint = engine.endpoint("busy")
        replies = [endpoint.send_request(Packet({"op": "work"})) for _ in range(3)]
        assert service.began.wait(scaled(10))
        file = FiguresFile(tmp_path)
        assert read_figures(tmp_path) is None  # nothing was said yet
        figures = look_at(engine, Budget(100))
        file.write(figures)
        assert read_figures(tmp_path) == figures
        (told,) = figures.services
        assert (told.name, told.doing) == ("busy", "work") and told.since is not None and told.since <= figures.at
        service.go_on.set()
        for reply in replies:
            reply.result(scaled(10))
        assert [one["request"] for one in service.logged] == [1, 2, 3]
        assert {one["service"] for one in service.logged} == {"busy"}


def test_figures_that_are_too_long_leave_those_that_are_there(tmp_path: Path) -> None:
    file = FiguresFile(tmp_path)
    small = Figures(1.0, 2, 3, (ServiceFigures("data", "fetch", 0.5, 1),))
    file.write(small)
    file.write(Figures(2.0, 2, 3, small.services * 200))
    assert read_figures(tmp_path) == small
    assert read_figures(tmp_path / "elsewhere") is None


def record(**more: Any) -> logging.LogRecord:
    made = logging.makeLogRecord({"name": "apv", "levelname": "INFO", "msg": "a\nb %s", "args": ("é",), **more})
    ContextFilter().filter(made)
    return made


def test_a_line_of_json_is_one_line_whatever_is_in_it() -> None:
    try:
        raise ValueError("two\nlines")
    except ValueError as error:
        with about_session("abcd"):
            line = JsonFormatter("apvserver").format(record(exc_info=(ValueError, error, error.__traceback__)))
    assert "\n" not in line
    told = json.loads(line)
    assert (told["message"], told["session"], told["program"]) == ("a\nb é", "abcd", "apvserver")
    assert "ValueError: two\nlines" in told["exception"] and told["time"].endswith("+00:00")
    assert "request" not in told and "service" not in told


def test_a_line_for_people_says_at_its_end_what_it_is_about() -> None:
    style = TextFormatter("%(levelname)s %(message)s")
    assert style.format(record()) == "INFO a\nb é"
    with about_session("abcd"):
        assert style.format(record()) == "INFO a\nb é [session abcd]"


@pytest.mark.parametrize(
    ("seconds", "told"),
    [(-1, "0 s"), (59.9, "59 s"), (60, "1 min 0 s"), (3725, "1 h 2 min"), (90000, "1 d 1 h")],
)
def test_ages(seconds: float, told: str) -> None:
    assert age(seconds) == told


SESSION: dict[str, Any] = {
    "name": "12ab", "since": 0.0, "away_since": 40.0, "pid": 7, "ready": True, "memory_bytes": 2_500_000, "deaths": 1,
    "clients": [{"client": 1, "role": "owner", "software": "x", "since": 0.0, "away_since": 40.0}],
    "requests": 10, "request_s": 1.0, "received_bytes": 1000, "sent_bytes": 2000, "queued_bytes": 3000, "seen": 99.0,
    "may_queue_bytes": 5_000_000,
    "executing": [{"what": "executing Contour (proxy 3)", "since": 90.0}], "services": [],
}  # fmt: skip
STATUS: dict[str, Any] = {
    "version": "1", "backend": "zmq", "python": "3", "host": "h", "pid": 5, "since": 0.0, "now": 100.0,
    "draining": True, "waiting": 2, "waiting_since": 70.0,
    "requests": 10, "request_s": 1.0, "received_bytes": 1000, "sent_bytes": 2000, "sessions": [SESSION],
}  # fmt: skip


def test_words_and_columns_for_people() -> None:
    later = {**STATUS, "now": 102.0, "sessions": [{**SESSION, "requests": 14, "sent_bytes": 12_000}]}
    heading, row = session_table(later, STATUS)
    assert heading.split()[:3] == ["SESSION", "AGE", "CLIENTS"]
    assert row.startswith("12ab ")
    for told in ("1 min 42 s", "1 min 2 s", "2.5 MB", "2.0", "5.0 kB", "executing Contour (proxy 3) for 12 s"):
        assert told in row, row
    lines = "\n".join(server_lines(STATUS, "tcp://127.0.0.1:1"))
    for told in (
        "process 5",
        "draining",
        "2 clients wait for a session, the first for 30 s",
        "1 session, 1 away; 1 client; workers hold 2.5 MB",
        "100.0 ms each",
        "3.0 kB wait; in each session 5 MB may",
    ):
        assert told in lines, lines
    assert list(session_table({**STATUS, "sessions": []}))[1:] == []
    usual = {**STATUS, "sessions": [{**SESSION, "may_queue_bytes": 256 * 2**20}]}
    assert "in each session 256 MiB may" in "\n".join(server_lines(usual, ""))  # as the option names it


def ended(ending: Ending, sessions: list[int], *, last_leaves: bool = False) -> tuple[threading.Thread, list[float]]:
    """A thread that waits for the end, and the seconds for which it was told to drain."""
    drained: list[float] = []

    def drain(seconds: float) -> None:
        drained.append(seconds)
        if last_leaves:
            sessions[0] = 0

    thread = threading.Thread(target=ending.wait, args=(drain, lambda: sessions[0]))
    thread.start()
    return thread, drained


def test_a_server_without_sessions_ends_when_it_is_told_to() -> None:
    ending = Ending(100.0)
    thread, drained = ended(ending, [0])
    ending.ask()
    thread.join(scaled(10))
    assert not thread.is_alive() and drained == [] and ending.decided


def test_draining_ends_with_the_last_session_or_at_the_second_word() -> None:
    for second in (True, False):
        ending = Ending(100.0)
        thread, drained = ended(ending, [2], last_leaves=not second)
        ending.ask(50.0)
        if second:
            ending.ask(insist=True)
        thread.join(scaled(10))
        assert not thread.is_alive() and drained == [50.0]


def test_who_asks_again_can_only_shorten_the_time() -> None:
    """Or `apvserver stop`, called twice, would end sessions that it was to wait for."""
    ending = Ending(100.0)
    thread, drained = ended(ending, [1])
    assert ending.ask(60.0) == 60.0
    poll(lambda: drained == [60.0])
    assert 50.0 < ending.ask() <= 60.0 and 50.0 < ending.ask(1000.0) <= 60.0
    assert ending.ask(30.0) == 30.0
    poll(lambda: drained == [60.0, 30.0])
    assert thread.is_alive() and ending.ask(20.0, insist=True) == 0.0
    thread.join(scaled(10))
    assert not thread.is_alive()


def test_draining_lasts_no_longer_than_it_may() -> None:
    ending = Ending(0.05)
    thread, drained = ended(ending, [1])
    ending.ask()
    thread.join(scaled(10))
    assert not thread.is_alive() and drained == [0.05]


def test_the_page_for_operators_names_every_column_metric_and_bound() -> None:
    page = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    source = (ROOT / "apvserver" / "hosting" / "monitoring" / "metrics.py").read_text(encoding="utf-8")
    metrics = set(re.findall(r'"(apv_\w+)"', source))
    assert len(metrics) > 10
    bounds = ("--max-memory", "--max-total-memory", "--max-queued", "--max-total-queued", "--drain-timeout")
    missing = {name for name in (*COLUMNS[1:], *metrics, *bounds) if name not in page}
    assert not missing, missing
