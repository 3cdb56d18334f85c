"""What the author of a service relies on: hooks, skipping, deferred answers, failures."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable, Iterator
from queue import Empty, SimpleQueue
from typing import Any

import pytest

from services_core import (
    ConnectionLost,
    DeadlineExceeded,
    IncomingCall,
    Packet,
    RemoteError,
    RequestCancelled,
    Service,
    ServiceClient,
    ServiceEndpoint,
    ServicesEngine,
)

from ..harness.apvtest import poll
from ..harness.time_limits import scaled

Way = Callable[[IncomingCall], Any]


class Scripted(Service):
    """Does what the test gave it for the name in the header, and notes every hook."""

    def __init__(self, **ways: Way) -> None:
        super().__init__("scripted")
        self.ways = ways
        self.notes: SimpleQueue[tuple[str, Any]] = SimpleQueue()
        self.entered, self.gate = threading.Event(), threading.Event()
        self.done: list[Any] = []

    def process(self, incoming: IncomingCall) -> Packet | Iterator[Packet] | None:
        name = incoming.packet.header
        self.done.append(name)
        if name == "hold":
            self.entered.set()
            self.gate.wait(scaled(10))
            return None
        outcome: Packet | Iterator[Packet] | None = self.ways[name](incoming) if name in self.ways else Packet(name)
        return outcome

    def preview(self, incoming: IncomingCall) -> None:
        if "preview" in self.ways:
            self.ways["preview"](incoming)

    def cancelled(self, incoming: IncomingCall) -> None:
        self.notes.put(("cancelled", incoming.packet.header))

    def started(self) -> None:
        self.notes.put(("started", threading.current_thread().name))
        if "started" in self.ways:
            self.ways["started"](None)  # type: ignore[arg-type]

    def stopped(self) -> None:
        self.notes.put(("stopped", threading.current_thread().name))

    def client_left(self, client: ServiceClient) -> None:
        self.notes.put(("left", threading.current_thread().name))


Begin = Callable[[Scripted], ServiceEndpoint]


@pytest.fixture
def begin() -> Iterator[Begin]:
    engines: list[ServicesEngine] = []

    def begin_one(service: Scripted) -> ServiceEndpoint:
        engine = ServicesEngine("inproc")
        engines.append(engine)
        engine.add_service(service)
        return engine.endpoint(service.name)

    yield begin_one
    for engine in engines:
        for service in engine._services.values():
            assert isinstance(service, Scripted)
            service.gate.set()
        engine.close()


def _fail(error: BaseException) -> Way:
    def way(_incoming: IncomingCall) -> None:
        raise error

    return way


def test_hooks_run_on_the_service_thread() -> None:
    service = Scripted()
    with ServicesEngine("inproc") as engine:
        engine.add_service(service)
        engine.endpoint("scripted").send_request("a").result(scaled(5))
        assert service.notes.get(timeout=scaled(5)) == ("started", "service-scripted")
        second = engine.endpoint("scripted")
        second.send_request("b").result(scaled(5))
        second.close()
        assert service.notes.get(timeout=scaled(5)) == ("left", "service-scripted")
        assert not service.stopping
    assert service.stopping
    notes = [service.notes.get_nowait() for _ in range(service.notes.qsize())]
    assert notes[-1] == ("stopped", "service-scripted")


def test_preview_skips_older_work_that_became_useless(begin: Begin) -> None:
    def preview(incoming: IncomingCall) -> None:
        for older in service.waiting():
            if incoming.packet.header == "new" and older.packet.header == "old":
                assert older.skip("a newer one came")
                assert not older.skip("again")

    service = Scripted(preview=preview)
    endpoint = begin(service)
    endpoint.send_message("hold")
    assert service.entered.wait(scaled(5))
    old = [endpoint.send_request("old") for _ in range(3)]
    endpoint.send_message("old")
    other = endpoint.send_request("other")
    assert [work.packet.header for work in service.waiting()] == ["old"] * 4 + ["other"]
    running = service.running()
    assert running is not None and running.packet.header == "hold"
    poll(lambda: service.busy_s() > 0, what="time that passes, by a clock that may go in steps")
    new = endpoint.send_request("new")
    for reply in old:
        with pytest.raises(RequestCancelled, match="a newer one came"):
            reply.result(scaled(5))
    service.gate.set()
    assert other.result(scaled(5)).header == "other" and new.result(scaled(5)).header == "new"
    assert service.done == ["hold", "other", "new"]
    assert service.busy_s() == 0.0 and service.waiting() == []


def test_failing_preview_fails_its_request_only(begin: Begin) -> None:
    def preview(incoming: IncomingCall) -> None:
        if incoming.packet.header == "bad":
            raise ValueError("preview on purpose")

    endpoint = begin(Scripted(preview=preview))
    with pytest.raises(RemoteError, match="preview on purpose"):
        endpoint.send_request("bad").result(scaled(5))
    assert endpoint.send_request("good").result(scaled(5)).header == "good"


def test_service_that_cannot_start_tells_every_client(begin: Begin) -> None:
    endpoint = begin(Scripted(started=_fail(OSError("no display"))))
    for _ in range(2):
        with pytest.raises(RemoteError, match="OSError: no display"):
            endpoint.send_request("a").result(scaled(5))


def test_deferred_reply_comes_later_from_another_thread(begin: Begin) -> None:
    kept: SimpleQueue[IncomingCall] = SimpleQueue()

    def defer(incoming: IncomingCall) -> None:
        incoming.defer()
        kept.put(incoming)

    service = Scripted(defer=defer)
    endpoint = begin(service)
    deferred = endpoint.send_request("defer")
    assert endpoint.send_request("next").result(scaled(5)).header == "next"
    assert not deferred.done()
    kept.get(timeout=scaled(5)).reply(Packet("later"))
    assert deferred.result(scaled(5)).header == "later"
    failed = endpoint.send_request("defer")
    kept.get(timeout=scaled(5)).fail(ValueError("in the end"))
    with pytest.raises(RemoteError, match="in the end"):
        failed.result(scaled(5))


def test_deferred_work_hears_that_it_was_cancelled(begin: Begin) -> None:
    kept: SimpleQueue[IncomingCall] = SimpleQueue()

    def defer(incoming: IncomingCall) -> None:
        incoming.defer()
        kept.put(incoming)

    service = Scripted(defer=defer)
    endpoint = begin(service)
    deferred = endpoint.send_request("defer")
    incoming = kept.get(timeout=scaled(5))
    endpoint.send_request("next").result(scaled(5))
    assert service.notes.get(timeout=scaled(5))[0] == "started"
    deferred.cancel()
    assert service.notes.get(timeout=scaled(5)) == ("cancelled", "defer")
    assert incoming.over
    incoming.reply(Packet("nobody wants it"))


@pytest.mark.parametrize("error", [SystemExit(3), KeyboardInterrupt(), GeneratorExit(), MemoryError(), StopIteration()])
def test_no_exception_ends_the_service(begin: Begin, error: BaseException) -> None:
    endpoint = begin(Scripted(bad=_fail(error)))
    with pytest.raises(RemoteError, match=type(error).__name__):
        endpoint.send_request("bad").result(scaled(5))
    with pytest.raises(RemoteError, match=type(error).__name__):
        endpoint.subscribe("bad").get(scaled(5))
    assert endpoint.send_request("good").result(scaled(5)).header == "good"


def test_exit_inside_a_stream_ends_the_stream_only(begin: Begin) -> None:
    def stream(_incoming: IncomingCall) -> Iterator[Packet]:
        yield Packet(1)
        raise SystemExit(1)

    endpoint = begin(Scripted(stream=stream))
    subscription = endpoint.subscribe("stream")
    assert subscription.get(scaled(5)) is not None
    with pytest.raises(RemoteError, match="SystemExit"):
        subscription.get(scaled(5))
    assert endpoint.send_request("good").result(scaled(5)).header == "good"


@pytest.mark.parametrize("wrong", [{"a": 1}, "text", [Packet()], iter([Packet()])])
def test_wrong_answer_of_a_request_is_an_error(begin: Begin, wrong: object) -> None:
    endpoint = begin(Scripted(wrong=lambda incoming: wrong))
    with pytest.raises(RemoteError, match=r"TypeError: a request is answered by a Packet or None"):
        endpoint.send_request("wrong").result(scaled(5))


@pytest.mark.parametrize("wrong", [Packet(), [Packet()], 5])
def test_wrong_answer_of_a_subscription_is_an_error(begin: Begin, wrong: object) -> None:
    endpoint = begin(Scripted(wrong=lambda incoming: wrong))
    with pytest.raises(RemoteError, match="TypeError: a subscription is answered by an iterator"):
        endpoint.subscribe("wrong").get(scaled(5))


def test_failing_cancelled_hook_harms_nobody(begin: Begin) -> None:
    class Clumsy(Scripted):
        def cancelled(self, incoming: IncomingCall) -> None:
            super().cancelled(incoming)
            raise RuntimeError("on purpose")

    service = Clumsy()
    endpoint = begin(service)
    held = endpoint.send_request("hold")
    assert service.entered.wait(scaled(5))
    held.cancel()
    service.gate.set()
    assert endpoint.send_request("good").result(scaled(5)).header == "good"


def test_failing_callbacks_of_the_client_harm_nobody(begin: Begin) -> None:
    endpoint = begin(Scripted(bad=_fail(ValueError("x"))))
    told = threading.Event()

    def fail(_error: object = None) -> None:
        told.set()
        raise RuntimeError("on purpose")

    endpoint.add_fault_callback(fail)
    endpoint.add_close_callback(fail)
    endpoint.send_message("bad")
    assert told.wait(scaled(5))
    assert endpoint.send_request("good").result(scaled(5)).header == "good"
    endpoint.close()


def test_long_work_is_told_why_it_is_not_wanted_any_more(begin: Begin) -> None:
    asked, given_up, heard = SimpleQueue[str | None](), threading.Event(), SimpleQueue[None]()

    def work(incoming: IncomingCall) -> None:
        asked.put(incoming.cancelled())
        given_up.wait(scaled(10))
        if (left_s := incoming.time_left_s()) is not None:
            time.sleep(max(0.0, left_s))  # its client gives it up then, which may come a little before
        while (why := incoming.cancelled()) is None:
            time.sleep(0.001)
        asked.put(why)
        heard.get(timeout=scaled(10))

    endpoint = begin(Scripted(work=work))
    held = endpoint.send_request("work")
    assert asked.get(timeout=scaled(5)) is None
    held.cancel()
    given_up.set()
    assert asked.get(timeout=scaled(5)) == "its client gave it up, or has left"
    heard.put(None)
    begun = False
    for deadline_s in (0.3, 3.0, 30.0):  # it is begun before: on a busy machine only if that is longer
        late = endpoint.send_request("work", deadline_s=deadline_s)
        with contextlib.suppress(Empty):
            begun = asked.get(timeout=deadline_s) is None
            break
    assert begun
    assert asked.get(timeout=scaled(5)) == "its deadline has passed"
    with pytest.raises(DeadlineExceeded):
        late.result(scaled(5))  # the service answers later: an answer that came first would be the outcome
    heard.put(None)


def test_long_work_is_told_that_its_service_ends() -> None:
    asked = SimpleQueue[str | None]()

    def work(incoming: IncomingCall) -> None:
        asked.put(incoming.cancelled())
        while (why := incoming.cancelled()) is None:
            time.sleep(0.001)
        asked.put(why)

    with ServicesEngine("inproc") as engine:
        engine.add_service(Scripted(work=work))
        engine.endpoint("scripted").send_request("work")
        assert asked.get(timeout=scaled(5)) is None
    assert asked.get(timeout=scaled(5)) == "its service ends"


def test_closing_the_engine_tells_what_runs() -> None:
    service = Scripted()
    engine = ServicesEngine("inproc")
    engine.add_service(service)
    client = ServicesEngine("inproc")
    endpoint = client.endpoint("scripted", engine.listen("thread://closing").url)
    held = endpoint.send_request("hold")
    assert service.entered.wait(scaled(5))
    closer = threading.Thread(target=engine.close)
    closer.start()
    with pytest.raises(ConnectionLost, match="shutting down"):
        held.result(scaled(5))
    notes = [service.notes.get(timeout=scaled(5))]
    while notes[-1] != ("cancelled", "hold"):  # peers are told before that
        notes.append(service.notes.get(timeout=scaled(5)))
    service.gate.set()
    closer.join(scaled(5))
    client.close()


def test_work_for_later_is_done_in_turn_on_the_services_thread_and_not_before_its_time() -> None:
    service = Scripted()
    with pytest.raises(RuntimeError, match="clock"):
        service.call_later(0, lambda: None)
    done: SimpleQueue[tuple[str, float, str]] = SimpleQueue()

    def note(what: str) -> Callable[[], None]:
        return lambda: done.put((what, time.monotonic(), threading.current_thread().name))

    with ServicesEngine("inproc") as engine:
        engine.add_service(service)
        began = time.monotonic()
        service.call_later(0.05, note("later"))
        service.call_later(60, note("never"))
        service.call_soon(note("soon"))
        what, when, thread = done.get(timeout=scaled(10))
        assert (what, thread) == ("soon", "service-scripted") and when - began < 10
        what, when, thread = done.get(timeout=scaled(10))
        assert (what, thread) == ("later", "service-scripted") and when >= began + 0.05
    assert done.empty()


def test_an_answer_does_not_wait_for_a_call_that_was_put_off(begin: Begin) -> None:
    slow, begun = threading.Event(), threading.Event()

    def later(_incoming: IncomingCall) -> None:
        def work() -> None:
            begun.set()
            slow.wait(scaled(10))

        service.call_soon(work)

    service = Scripted(later=later)
    endpoint = begin(service)
    with endpoint.together():
        endpoint.send_message("later")
        reply = endpoint.send_request("ask")
    assert reply.result(scaled(5)).header == "ask"
    assert begun.wait(scaled(5))
    slow.set()
