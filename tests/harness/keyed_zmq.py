"""The backend over ZeroMQ with keys: everybody who has the pair of the tests may come in, and nobody else."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

import zmq
from zmq.utils import z85

from services_core import DEFAULT_LIMITS, KeyPair, Keys, Limits
from services_zmq import ZmqBackend

_SECRET: Final = bytes(range(1, 33))
PAIR: Final = KeyPair(z85.decode(zmq.curve_public(z85.encode(_SECRET))), _SECRET)
"""The same in every process of a test."""


class Everywhere(Mapping[str, bytes]):
    """One key for every server."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def __getitem__(self, place: str) -> bytes:
        return self._key

    def __iter__(self) -> Iterator[str]:
        return iter(())

    def __len__(self) -> int:
        return 0


KEYS: Final = Keys(own=PAIR, servers=Everywhere(PAIR.public), admits=lambda public: public == PAIR.public)


class KeyedZmq(ZmqBackend):
    """For `python -m services_core.conformance --backend tests.harness.keyed_zmq:KeyedZmq --url curve://127.0.0.1:0`."""

    def __init__(self, limits: Limits = DEFAULT_LIMITS) -> None:
        super().__init__(limits)
        self.use_keys(KEYS)
