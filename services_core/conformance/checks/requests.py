"""Requests and messages: one outcome each, in order."""

from __future__ import annotations

import asyncio
import threading

from ...errors import ServicesError
from ..check import check
from ..expect import expect
from ..stage import Stage
from ..workbench import Workbench


@check
def requests_have_one_outcome(stage: Stage) -> None:
    """Of thousands of requests at once, from asyncio and from threads, each gets its own answer, once."""
    service = Workbench(stage)
    endpoint = stage.endpoint(service)
    answers: list[tuple[int, int]] = []
    errors: list[BaseException] = []

    def from_thread(first: int) -> None:
        try:
            replies = [(n, endpoint.send_request({"n": n})) for n in range(first, first + 500)]
            answers.extend((n, reply.result(2 * stage.wait_s).header["n"]) for n, reply in replies)
        except (ServicesError, TimeoutError) as error:
            errors.append(error)

    async def from_loop() -> None:
        async def one(n: int) -> None:
            answers.append((n, (await endpoint.send_request({"n": n})).header["n"]))

        async with asyncio.timeout(2 * stage.wait_s):
            await asyncio.gather(*(one(n) for n in range(2000)))

    threads = [threading.Thread(target=from_thread, args=(first,), daemon=True) for first in (2000, 2500)]
    for thread in threads:
        thread.start()
    asyncio.run(from_loop())
    for thread in threads:
        thread.join(2 * stage.wait_s)
    expect(not errors, "no error", errors[:1])
    expect(sorted(answers) == [(n, n) for n in range(3000)], "3000 answers, each to its own question", len(answers))
    expect(sorted(service.begun) == list(range(3000)), "each request processed once", len(service.begun))


@check
def requests_and_messages_keep_their_order(stage: Stage) -> None:
    """What one endpoint sends is processed in the order of the calls, messages and requests alike."""
    service = Workbench(stage)
    endpoint = stage.endpoint(service)
    for n in range(0, 999, 3):
        endpoint.send_message({"n": n})
        endpoint.send_message({"n": n + 1}, (bytes(100_000),) if n % 100 == 0 else ())
        endpoint.send_request({"n": n + 2})
    endpoint.send_request({"n": 999}).result(stage.wait_s)
    expect(service.begun == list(range(1000)), "0 to 999 in order", service.begun[:20])


@check
def clients_are_independent(stage: Stage) -> None:
    """Two clients of one service use the same ids and never see each other's answers; one leaves, the other stays."""
    service = Workbench(stage)
    url = stage.serve(service)
    client = stage.client()
    first, second = client.endpoint(service.name, url), client.endpoint(service.name, url)
    replies = [(n, (first if n % 2 else second).send_request({"n": n})) for n in range(200)]
    for n, reply in replies:
        seen = reply.result(stage.wait_s).header["n"]
        expect(seen == n, f"the answer to {n}", seen)
    first.close()
    stage.wait(service.left, "client_left for the client that closed")
    expect(second.send_request({"n": 7}).result(stage.wait_s).header["n"] == 7, "an answer for the other", "none")


@check
def engines_connect_to_each_other(stage: Stage) -> None:
    """Two engines that open endpoints to each other at the same time do not wait for each other."""
    engines, urls = [], []
    for number in range(2):
        engine = stage.engine()
        engine.add_service(Workbench(stage, f"bench-{number}"))
        urls.append(engine.listen(engine.backend.private_url(other_processes=engine.backend.crosses_processes)).url)
        engines.append(engine)
    together = threading.Barrier(2)
    answers: list[int] = []

    def talk(own: int, other: int) -> None:
        together.wait(stage.wait_s)
        for n in range(50):
            endpoint = engines[own].endpoint(f"bench-{other}", urls[other])
            answers.append(endpoint.send_request({"n": n}).result(stage.wait_s).header["n"])
            endpoint.close()

    threads = [threading.Thread(target=talk, args=pair, daemon=True) for pair in ((0, 1), (1, 0))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(2 * stage.wait_s)
    expect(sorted(answers) == sorted([*range(50), *range(50)]), "50 answers for each engine", len(answers))


@check
def ping_of_a_busy_service(stage: Stage) -> None:
    """A ping is answered at once while the service is busy, and tells for how long it has been."""
    service = Workbench(stage)
    endpoint = stage.endpoint(service)
    _, idle_s = endpoint.ping().result(stage.wait_s)
    expect(idle_s == 0.0, "an idle service busy for 0 s", idle_s)
    endpoint.send_message({"n": 1, "do": "hold"})
    stage.wait(service.entered, "the service to begin")
    busy_s = 0.0
    while busy_s < 0.05:  # it grows while the service stays with its packet
        round_trip_s, busy_s = endpoint.ping().result(stage.wait_s)
        expect(round_trip_s < stage.wait_s / 2, "a ping answered at once", f"{round_trip_s:.2f} s")
    service.gate.set()
