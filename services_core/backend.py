"""The contract that a backend implements: it moves messages between two peers, and knows no service and no request.

A backend is right when `python -m services_core.conformance --backend module:Class` says so.
"""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from typing import Any, ClassVar, Protocol

from .connection_state import ConnectionState
from .errors import ConfigurationError, ServicesError
from .keys import KeyPair, Keys
from .limits import DEFAULT_LIMITS, Limits
from .old_names import warn_of_old
from .protocol.messages import Message


class ChannelReceiver(Protocol):
    """What a channel hands its arrivals to.

    The calls for one channel never overlap and keep its order; they come from any thread, the caller of `flush`
    included, and take microseconds. They may send on and close any channel, but not a backend. A receiver that raises
    loses its channel, with ProtocolViolation; its peer gets a `goodbye` with the reason, and `on_closed` too.
    """

    def on_messages(self, messages: Sequence[Message], /) -> None:
        """Take the next messages of the peer, in order: at least one; more if they arrived together."""

    def on_closed(self, error: ServicesError | None, /) -> None:
        """Take the end of the channel, for the reason `error` (None: one side closed it). Called once, and last."""


class Channel(ABC):
    """One connection: an ordered pipe of whole messages in each direction.

    Every message sent arrives exactly once, in order, unchanged, or the channel closes: nothing is dropped, repeated
    or reordered while it is open. Buffers arrive under the ownership rule of `Packet`. A message received is never
    touched again by the backend.
    """

    chunk_bytes: int | None = None
    """Largest piece in which to send bulk data, so that other messages can overtake it; None: whole, by reference."""

    peer: str = "a peer"
    """Who is at the other end, for logs: its address, where it has one."""

    peer_key: bytes | None = None
    """The public key that the peer of an accepted channel has proved to have; None where addresses ask for none."""

    @abstractmethod
    def start(self, receiver: ChannelReceiver) -> None:
        """Begin to deliver to `receiver`. Called once; nothing is delivered before, and nothing is lost meanwhile.

        A channel that has ended already says so with `on_closed`, even after the backend closed.
        """

    @abstractmethod
    def send(self, message: Message) -> None:
        """Take a message to deliver, in the order of the calls. Never blocks, never calls a receiver, never raises.

        It may be held until `flush`. After `close`, or once `on_closed` has told, it is dropped.
        """

    @abstractmethod
    def flush(self, gather: int | None = None) -> None:
        """Have everything sent so far delivered soon. Never blocks. May call receivers: the caller holds no lock.

        `gather` is a hint: this thread will flush again at once, and so many messages may gather meanwhile, to leave
        together; 0: nothing follows; None: not known.
        """

    def attach_loop(self, loop: asyncio.AbstractEventLoop) -> None:  # noqa: B027  # a hook, not a duty
        """Receive on the thread of `loop`, which calls this: whoever waits for what arrives does so there alone.

        A channel may do so and save a change of threads, or do nothing. What others need of it goes on while the loop
        is busy: to send, to close, and to notice that the peer has gone.
        """

    def detach_loop(self) -> None:  # noqa: B027  # a hook, not a duty
        """Receive without a loop again: others wait, too. From any thread, never blocks."""

    def lend(self, loop: asyncio.AbstractEventLoop | None) -> None:
        """Call `attach_loop`, or for None `detach_loop`, which were one method of this name."""
        warn_of_old("Channel.lend", "Channel.attach_loop, or Channel.detach_loop")
        if type(self).lend is not Channel.lend:
            return  # called by the method that overrides it, from which `attach_loop` came
        if loop is None:
            self.detach_loop()
        else:
            self.attach_loop(loop)

    def __init_subclass__(cls, **arguments: Any) -> None:
        """Let a class that was written when `attach_loop` and `detach_loop` were `lend` go on working."""
        super().__init_subclass__(**arguments)
        if "lend" in vars(cls) and "attach_loop" not in vars(cls):
            warn_of_old(f"{cls.__qualname__}.lend", "attach_loop, and for None detach_loop", stacklevel=3)  # past abc
            cls.attach_loop = _lend_to  # type: ignore[assignment, method-assign]  # of old classes alone
            cls.detach_loop = _lend_to_none  # type: ignore[assignment, method-assign]  # as above

    def is_connected(self) -> bool:
        """Return whether the transport at the other end has answered, so that the death of the peer would be told.

        Who waits for the peer's first message then knows that it is merely busy. False where that is not known.
        """
        return False

    def watch(self, watcher: Callable[[ConnectionState], None]) -> None:  # noqa: B027  # a hook, not a duty
        """Have `watcher(state)` called, on any thread, when what carries the channel is lost, and when it is not.

        Called once, before `start`. Only channels that outlast what carries them call it.
        """

    @abstractmethod
    def close(self) -> None:
        """Close after what was sent, flushed or not, has been delivered, as far as the peer takes it. Never blocks.

        Both receivers get `on_closed(None)`; after that they get nothing more. What the peer sends meanwhile may be
        dropped. May be repeated.
        """

    def abandon(self) -> None:
        """Close without a word: nothing that was sent needs to arrive any more. As `close`, but keeps nobody waiting.

        What is left of it must not hold up the end of the backend.
        """
        self.close()


def _lend_to(channel: Channel, loop: asyncio.AbstractEventLoop) -> None:
    channel.lend(loop)


def _lend_to_none(channel: Channel) -> None:
    channel.lend(None)


class Listener(ABC):
    """An address on which a backend accepts channels."""

    url: str
    """The address that others connect to, with the port that was really taken."""

    @abstractmethod
    def close(self) -> None:
        """Accept no more channels: who connects gets ConnectionFailed (ConnectionLost, if at that very moment).

        Channels accepted before live on, until the backend closes; they may keep the address taken until then. Never
        blocks; may be repeated.
        """


class Backend(ABC):
    """A transport: it makes listeners and channels for the URLs of its schemes.

    Its methods may be called from any thread and do not block; `close` is the exception. A peer that dies, freezes or
    is cut off closes its channels with ConnectionLost: within 1 s if its process died on this host, within 5 s
    otherwise. Frozen is a process of which no thread runs. A peer that is merely busy is not dead: some thread of it
    runs, whatever its service and its loop are at, and calls may keep the interpreter's lock for a second or two. So
    both sides give signs of life, from a thread of the backend's own, and look for those of the other
    (docs/backends.md). A backend that moves bytes says `goodbye` to a peer that sends what is no message, with the
    reason, and closes the channel with ProtocolViolation. What passes `limits` is refused before it takes memory.
    """

    schemes: ClassVar[tuple[str, ...]]
    """The URL schemes it serves, such as "tcp"."""

    crosses_processes: ClassVar[bool]
    """Whether another process can connect to its addresses; if so, built-in sessions get a worker process."""

    uses_keys: ClassVar[bool] = False
    """Whether some of its addresses ask for keys: it then has `use_keys` and `new_key_pair`."""

    def __init__(self, limits: Limits = DEFAULT_LIMITS) -> None:
        self.limits = limits

    def use_keys(self, keys: Keys) -> None:
        """Use these keys where addresses ask for them. Called once, before `listen` and `connect`.

        Only who has the secret half of `keys.own`, and is admitted by the other side, gets a channel there; whoever is
        refused is told which mistake it was. Raises ConfigurationError if no address of this backend asks for keys.
        """
        raise ConfigurationError(f"{type(self).__name__} has no addresses that ask for keys")

    @classmethod
    def new_key_pair(cls) -> KeyPair:
        """Return a fresh pair for `use_keys`. Raises ConfigurationError as that does."""
        raise ConfigurationError(f"{cls.__name__} has no addresses that ask for keys")

    @classmethod  # noqa: B027  # a hook, not a duty
    def check_url(cls, url: str, *, listening: bool) -> None:
        """Raise ConfigurationError for a URL at which `listen`, or `connect`, would do that. Connects nowhere.

        Programs tell users of such mistakes before they do anything else; a backend may leave that to `connect`.
        """

    @abstractmethod
    def listen(self, url: str, accept: Callable[[Channel], None]) -> Listener:
        """Accept channels at `url`; for each, `accept` is called, and starts the channel, then or later.

        That is when a peer connects, or when its first message arrives: who connects speaks first.

        Raises ConfigurationError if the URL is malformed or not of this backend, ConnectionFailed if the address is
        taken or not of this machine.
        """

    @abstractmethod
    def connect(self, url: str) -> Channel:
        """Return a channel to the listener at `url`, at once; if nobody listens there it closes with ConnectionFailed.

        Raises ConfigurationError as `listen` does, and Closed after `close`.
        """

    def nobody_listens(self, url: str) -> bool:
        """Return whether the host of `url` says, now, that nobody listens there: the process that did has ended.

        False if that is not known, as when no answer comes. May block for a second: threads that have nothing else to
        do call it, to tell a server that has ended from a network that is down.
        """
        return False

    @abstractmethod
    def private_url(self, *, other_processes: bool = False) -> str:
        """Return a fresh URL to listen at, for this backend to connect to, or for other processes of this host too.

        Raises ConfigurationError for `other_processes` if the backend does not cross processes.
        """

    @abstractmethod
    def close(self, timeout_s: float = 10.0) -> None:
        """Close every channel and listener, end and join every thread. May be repeated.

        Raises ServicesError, naming what is left, if that takes longer than `timeout_s`.
        """
