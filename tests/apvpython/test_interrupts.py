"""Ctrl-C at any line: what the project is about is never torn, whoever's code it is in just then."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable
from contextlib import ExitStack
from functools import partial

import pytest

from apvpython.interrupts import cancelling_on_interrupt
from services_core.client.reply import notify


def press_control_c() -> None:
    signal.raise_signal(signal.SIGINT)


def in_the_library(call: Callable[[], object]) -> Callable[[], None]:
    """What has a frame of the standard library make that call, or get the signal if the call is none of Python's."""
    stack = ExitStack()
    stack.callback(call)
    return stack.close


def interrupted_at_once(call: Callable[[], None]) -> bool:
    """Whether a program is torn out of that call; else it goes on to what it awaits next, and is cancelled there."""
    came_back = False

    async def program() -> None:
        nonlocal came_back
        call()
        came_back = True
        await asyncio.Event().wait()

    loop = asyncio.new_event_loop()
    try:
        main = loop.create_task(program())
        with pytest.raises(KeyboardInterrupt), cancelling_on_interrupt(loop, main):
            loop.run_until_complete(main)
        assert main.done()
        assert main.cancelled() or isinstance(main.exception(), KeyboardInterrupt)
        assert main.cancelled() == came_back
    finally:
        loop.close()
    return not came_back


def test_a_program_that_computes_is_interrupted_at_once() -> None:
    assert interrupted_at_once(press_control_c)
    assert interrupted_at_once(in_the_library(press_control_c))
    assert interrupted_at_once(in_the_library(partial(signal.raise_signal, signal.SIGINT)))


def test_what_the_project_calls_in_libraries_is_brought_to_its_end() -> None:
    """Once a message was lost by it: the interrupt came in what the service's look at it had called."""
    raised = in_the_library(partial(signal.raise_signal, signal.SIGINT))
    assert not interrupted_at_once(lambda: notify(raised))


def test_what_the_project_calls_of_the_program_is_interrupted_at_once() -> None:
    assert interrupted_at_once(lambda: notify(press_control_c))
