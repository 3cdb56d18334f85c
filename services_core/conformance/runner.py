"""Running checks: each in a thread of its own, so that a backend that hangs fails one check and the suite goes on."""

from __future__ import annotations

import threading
import time
import traceback
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from typing import NamedTuple

from ..backend import Backend
from ..errors import ServicesError
from .check import CHECKS, Check
from .expect import BrokenPromise
from .stage import HOST, PRIVATE, Stage


class Outcome(NamedTuple):
    """How one check went at one kind of address; `failure` is None if the promise was kept."""

    check: Check
    address: str
    seconds: float
    failure: str | None
    hangs: bool

    @property
    def name(self) -> str:
        """Return the name of the check and the address it was tried at."""
        return f"{self.check.name}[{self.address}]"


def addresses(backend: type[Backend], urls: Iterable[str] = ()) -> list[str]:
    """Return the kinds of address at which to try a backend: private addresses, those of the host, and `urls`."""
    return [PRIVATE, *([HOST] if backend.crosses_processes else []), *urls]


def applies(check: Check, address: str) -> bool:
    """Return whether a check is to be tried at a kind of address."""
    return not check.between_processes or address != PRIVATE


def run(
    backend: type[Backend],
    *,
    only: str = "",
    urls: Sequence[str] = (),
    timeout_scale: float = 1.0,
) -> Iterator[Outcome]:
    """Try every promise whose name contains `only`, at every kind of address."""
    for address in addresses(backend, urls):
        for check in CHECKS:
            if applies(check, address) and only in f"{check.name}[{address}]":
                yield run_check(check, backend, address, timeout_scale=timeout_scale)


def run_check(check: Check, backend: type[Backend], address: str = PRIVATE, *, timeout_scale: float = 1.0) -> Outcome:
    """Try one promise. Never raises, and never takes much longer than the check's time limit."""
    stage = Stage(backend, address, timeout_scale=timeout_scale)
    failures: list[str] = []

    def attempt() -> None:
        for step in (partial(check.function, stage), stage.close):
            try:
                step()
            except BrokenPromise as error:
                failures.append(str(error))
            except ServicesError as error:
                failures.append(f"expected no error; saw {type(error).__name__}: {error}")
            except Exception:
                failures.append(f"the check itself failed:\n{traceback.format_exc()}")

    limit_s = check.limit_s * timeout_scale
    began = time.monotonic()
    thread = threading.Thread(target=attempt, name=f"conformance-{check.name}", daemon=True)
    thread.start()
    thread.join(limit_s)
    hangs = thread.is_alive()
    if hangs:
        stage.let_go()  # what the check itself holds up need not stay behind
        failures.append(f"expected an end within {limit_s:g} s; saw it hang")
    return Outcome(check, address, time.monotonic() - began, "\n".join(failures) or None, hangs)
