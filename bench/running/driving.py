"""Keeping operations under way for some time: alike for everything that is compared."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Awaitable, Callable

from .sample import Timings

now = time.perf_counter


async def keep_in_flight(call: Callable[[], Awaitable[object]], in_flight: int, seconds: float) -> Timings:
    """So many coroutines, each making one call after the other."""
    each_s: list[float] = []
    began = now()
    until = began + seconds

    async def caller() -> None:
        while True:
            start = now()
            await call()
            end = now()
            each_s.append(end - start)
            if end >= until:
                return

    if in_flight == 1:
        await caller()
    else:
        await asyncio.gather(*(caller() for _ in range(in_flight)))
    return Timings(each_s, now() - began)


def repeat(call: Callable[[], object], seconds: float) -> Timings:
    """One blocking call after the other."""
    each_s: list[float] = []
    began = end = now()
    until = began + seconds
    while end < until or not each_s:
        start = now()
        call()
        end = now()
        each_s.append(end - start)
    return Timings(each_s, end - began)


def pipeline(send: Callable[[], object], receive: Callable[[], object], in_flight: int, seconds: float) -> Timings:
    """Drive a blocking client of a transport that answers in order: send the next when an answer has come."""
    each_s: list[float] = []
    sent: deque[float] = deque()
    began = now()
    until = began + seconds
    for _ in range(in_flight):
        sent.append(now())
        send()
    while sent:
        receive()
        end = now()
        each_s.append(end - sent.popleft())
        if end < until:
            sent.append(end)
            send()
    return Timings(each_s, now() - began)


async def pipeline_async(
    send: Callable[[], Awaitable[object]], receive: Callable[[], Awaitable[object]], in_flight: int, seconds: float
) -> Timings:
    """Do the same with awaitables, in one coroutine: no more tasks than the transport itself makes."""
    each_s: list[float] = []
    sent: deque[float] = deque()
    began = now()
    until = began + seconds
    for _ in range(in_flight):
        sent.append(now())
        await send()
    while sent:
        await receive()
        end = now()
        each_s.append(end - sent.popleft())
        if end < until:
            sent.append(end)
            await send()
    return Timings(each_s, now() - began)
