"""Keys by which the two sides of a connection prove who they are, at addresses that ask for it. No I/O."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

KEY_BYTES: Final = 32


@dataclass(frozen=True, slots=True)
class KeyPair:
    """A public key, by which others know its owner, and the secret half, which is never shown."""

    public: bytes
    secret: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Keys:
    """What a backend needs at such addresses: who we are, whom we know, whom we let in."""

    own: KeyPair
    servers: Mapping[str, bytes] = field(default_factory=dict)
    """The public keys of servers, by host:port."""
    admits: Callable[[bytes], bool] = lambda public: False
    """Whether a client may come in that has proved to have this public key.

    It may read files: it is called on a thread of its own, one call at a time. Clients that are in are asked for again
    every second; they are cut when it says False.
    """
