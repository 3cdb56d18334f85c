"""Listeners and channels over ZeroMQ, on one communication thread."""

from __future__ import annotations

import contextlib
import itertools
import logging
import shutil
import tempfile
import threading
import time
from collections.abc import Callable
from typing import ClassVar

import zmq

from services_core import (
    DEFAULT_LIMITS,
    Backend,
    Channel,
    Closed,
    ConfigurationError,
    KeyPair,
    Keys,
    LimitedLog,
    Limits,
    Listener,
    Refused,
    ServicesError,
)

from . import ipc
from .addresses import SCHEMES, check_url, is_refused
from .client import ClientChannel, nobody
from .curve import is_curve, new_key_pair
from .doorkeeper import REVOKED, Doorkeeper
from .memory import Memory
from .patience import Patience
from .resources import Resources
from .server import LEAVE_S, ZmqListener
from .sockets import make_context
from .threads.io_thread import IoThread

_log = logging.getLogger(__name__)

_numbers = itertools.count(1)


class ZmqBackend(Backend):
    """Messages travel as ZeroMQ frames: a small one, and one more for each buffer of at least 64 KiB.

    Buffers of more than 256 KiB leave without a copy; to copy smaller ones takes less time than to lend them.
    Buffers of 2 to 64 MiB travel in pieces and are put together in memory that was used before: up to 128 MiB of it are
    kept until the backend is closed.

    URLs: `tcp://host:port` (port 0: any free one; host *: all interfaces), `curve://host:port` (the same with keys,
    encrypted), `ipc:///path`, `inproc://name` (within this backend).
    """

    schemes: ClassVar[tuple[str, ...]] = SCHEMES
    crosses_processes: ClassVar[bool] = True
    uses_keys: ClassVar[bool] = True

    def __init__(self, limits: Limits = DEFAULT_LIMITS) -> None:
        super().__init__(limits)
        self._ipc = ipc.is_wanted()
        self._lock = threading.Lock()
        self._resources = Resources(
            IoThread("services-zmq"), make_context(), limits, Memory(), LimitedLog(_log), Patience()
        )
        self._clients: set[ClientChannel] = set()
        self._listeners: list[ZmqListener] = []
        self._directory: str | None = None
        self._keys: Keys | None = None
        self._doorkeeper: Doorkeeper | None = None
        self._closed = False

    def use_keys(self, keys: Keys) -> None:
        """See Backend.use_keys."""
        self._keys = keys

    @classmethod
    def new_key_pair(cls) -> KeyPair:
        """See Backend.new_key_pair."""
        return new_key_pair()

    @classmethod
    def check_url(cls, url: str, *, listening: bool) -> None:
        """See Backend.check_url."""
        check_url(url, listening=listening)

    def listen(self, url: str, accept: Callable[[Channel], None]) -> Listener:
        """See Backend.listen."""
        check_url(url, listening=True)
        with self._lock:
            self._check_open()
            if is_curve(url):
                self._ask_for_keys(url)
            listener = ZmqListener(self._resources, url, accept, keys=self._keys)
            self._listeners.append(listener)
        return listener

    def connect(self, url: str) -> Channel:
        """See Backend.connect."""
        check_url(url, listening=False)
        with self._lock:
            self._check_open()
            failure = None
            if url.startswith("inproc://") and all(listener.url != url for listener in self._listeners):
                failure = nobody(url, "this backend has no such listener")  # ZeroMQ would wait for it
            try:
                forget = self._clients.discard
                channel = ClientChannel(self._resources, url, forget, keys=self._keys, failure=failure)
            except zmq.ZMQError as error:
                raise ConfigurationError(f"cannot connect to {url}: {error.strerror}") from error
            self._clients.add(channel)
        return channel

    def nobody_listens(self, url: str) -> bool:
        """See Backend.nobody_listens. ZeroMQ does not tell a refusal from a network that is down."""
        return is_refused(url)

    def private_url(self, *, other_processes: bool = False) -> str:
        """See Backend.private_url. For other processes: ipc in a directory of this user, else tcp on loopback."""
        if not other_processes:
            return f"inproc://private-{next(_numbers)}"
        directory = self._private_directory()
        if directory is None:
            return "tcp://127.0.0.1:0"
        return f"ipc://{directory}/{next(_numbers)}"

    def close(self, timeout_s: float = 10.0) -> None:
        """See Backend.close."""
        with self._lock:
            if not self._closed:
                self._closed = True
                self._resources.io.stop(self._shut)
        if not self._resources.io.join(timeout_s):
            who = "the communication thread of the zmq backend"
            if self._doorkeeper is not None and not self._doorkeeper.join(0):
                who += ", or the thread that decides who may come in, for which it waits,"
            raise ServicesError(f"{who} did not end within {timeout_s:g} s")
        if self._doorkeeper is not None and not self._doorkeeper.join(timeout_s):
            raise ServicesError(f"the thread that decides who may come in did not end within {timeout_s:g} s")
        if self._directory is not None:
            shutil.rmtree(self._directory, ignore_errors=True)

    # --- inside

    def _shut(self) -> None:
        clients = list(self._clients)
        for channel in clients:
            channel.shut()
        for listener in self._listeners:  # all first: their peers leave at the same time
            with contextlib.suppress(zmq.ZMQError):
                listener.dismiss()
        for channel in clients:
            channel.let_leave()
        until = time.monotonic() + LEAVE_S
        for listener in self._listeners:
            with contextlib.suppress(zmq.ZMQError):
                listener.shut(until)
        self._resources.context.term()  # waits for the doorkeeper to see it, too
        self._resources.memory.clear()
        self._resources.log.flush()

    def _ask_for_keys(self, url: str) -> None:
        """Have somebody at the door before the first can come. Under the lock."""
        if self._keys is None:
            raise ConfigurationError(f"{url} asks for keys, and this engine has none (ServicesEngine(keys=...))")
        if self._doorkeeper is None:
            context, admits = self._resources.context, self._keys.admits
            self._doorkeeper = Doorkeeper(
                self._resources.io, context, admits, present=self._keys_present, expel=self._expel
            )

    def _keys_present(self) -> set[bytes]:
        channels = [channel for listener in list(self._listeners) for channel in listener.channels()]
        return {channel.peer_key for channel in channels if channel.peer_key is not None}

    def _expel(self, keys: set[bytes]) -> None:
        """Cut the channels of peers with these keys. On the communication thread.

        The end of one may have the program close others, with another reason: so all have the reason before one ends.
        """
        error = Refused(REVOKED)
        channels = [one for listener in list(self._listeners) for one in listener.channels() if one.peer_key in keys]
        for channel in channels:
            channel.say_last(error)
        for channel in channels:
            channel.finish(error, tell_peer=True)

    def _private_directory(self) -> str | None:
        if not self._ipc:
            return None
        with self._lock:
            if self._directory is None:
                self._directory = tempfile.mkdtemp(prefix="apv-")
        return self._directory if ipc.fits(self._directory, more=ipc.ROOM_FOR_NUMBERS) else None

    def _check_open(self) -> None:
        if self._closed:
            raise Closed("this zmq backend is closed")
