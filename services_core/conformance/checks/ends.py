"""The end of endpoints and engines: everything under way gets its outcome, and no thread stays."""

from __future__ import annotations

import threading

from ...errors import Closed, ConnectionFailed, ConnectionLost, ServicesError
from ..check import check
from ..expect import expect
from ..recorder import within
from ..stage import Stage
from ..workbench import Workbench
from .cancelling import outcome


@check
def closing_an_endpoint_ends_its_requests(stage: Stage) -> None:
    """Closing an endpoint ends its requests and streams with Closed; the service hears that the client left."""
    service = Workbench(stage)
    endpoint = stage.endpoint(service)
    running = endpoint.send_request({"n": 0, "do": "hold"})
    stage.wait(service.entered, "the service to begin")
    queued = [endpoint.send_request({"n": n}) for n in range(1, 200)]
    endpoint.close()
    endpoint.close()
    for reply in (running, *queued):
        expect(isinstance(outcome(reply, stage.wait_s), Closed), "Closed", outcome(reply, 0))
    expect(service.cancels.get(timeout=stage.wait_s) == 0, "cancelled() for what runs", "another")
    service.gate.set()
    stage.wait(service.left, "client_left")
    expect(service.begun == [0], "nothing processed for a client that left", service.begun)
    try:
        endpoint.send_message({"n": 1})
    except Closed:
        return
    expect(False, "Closed from a closed endpoint", "nothing")


@check
def closing_the_server_ends_every_request(stage: Stage) -> None:
    """When the server closes, every request under way gets ConnectionLost, streams end with it, nothing hangs."""
    service = Workbench(stage)
    server = stage.engine()
    server.add_service(service)
    shared = stage.shared and server.backend.crosses_processes  # then private addresses are of one backend
    url = server.listen(stage.url(server.backend)).url
    endpoint = (server if shared else stage.engine()).endpoint(service.name, url)
    running = endpoint.send_request({"n": 0, "do": "hold"})
    stream = endpoint.subscribe({"n": 1, "do": "push"})
    stage.wait(service.entered, "the service to begin")
    queued = [endpoint.send_request({"n": n}) for n in range(2, 200)]
    closer = threading.Thread(target=server.close, args=(2 * stage.wait_s,), daemon=True)
    closer.start()
    expect(service.cancels.get(timeout=stage.wait_s) == 0, "cancelled() for what runs", "another")
    service.gate.set()
    for reply in (running, *queued):
        error = outcome(reply, stage.wait_s)
        kept = isinstance(error, (ConnectionLost, Closed) if shared else ConnectionLost)
        expect(kept, "ConnectionLost", error)
    closer.join(2 * stage.wait_s)
    expect(not closer.is_alive(), "the engine closed", "it hangs")
    ended: object = None
    try:
        ended = stream.get(stage.wait_s)
    except ServicesError as error:
        ended = error
    expect(ended is None or isinstance(ended, (ConnectionLost, Closed)), "the end of the stream", ended)


@check
def closing_an_engine_joins_its_threads(stage: Stage) -> None:
    """`ServicesEngine.close` ends every thread it began, and may be repeated."""
    before = set(threading.enumerate())
    service = Workbench(stage)
    url = stage.serve(service)
    client = stage.client()
    endpoint = client.endpoint(service.name, url)
    outcome(endpoint.send_request({"n": 1}, deadline_s=10 * stage.wait_s), stage.wait_s)
    endpoint.subscribe({"n": 2, "do": "count", "items": 100})
    for engine in stage.engines():
        within(stage.wait_s, "close", lambda engine=engine: engine.close(stage.wait_s))  # type: ignore[misc]  # mypy infers no default
        engine.close()
    left = [thread.name for thread in set(threading.enumerate()) - before]
    expect(not left, "no thread of the engines after close", left)


@check
def endpoint_where_nobody_listens(stage: Stage) -> None:
    """An endpoint to where nobody listens is made at once; its first outcome is ConnectionFailed, within connect_s."""
    gone, engine = stage.engine(), stage.engine()
    url = gone.listen(stage.url(gone.backend)).url
    gone.close(stage.wait_s)
    endpoint = engine.endpoint("workbench", url)
    try:
        reply = endpoint.send_request({"n": 1})
    except ConnectionFailed:
        return
    error = outcome(reply, engine.limits.connect_s + stage.wait_s)
    expect(isinstance(error, ConnectionFailed), "ConnectionFailed", repr(error))
