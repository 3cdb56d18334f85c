"""A built-in session: threads of the client's process, or a worker process, as the selected backend allows."""

from __future__ import annotations

import logging
import platform
import secrets

from services_core import Channel, Closed, Refused, Reply, ServicesEngine, ServicesError, __version__

from ..settings import read_settings
from .placement import check_ranks, check_threads, what_holds_roots
from .relayed_worker import RelayedWorker
from .session_services import begin_session_services
from .thread_host import THREADS_STAY
from .worker_process import GRACE_S

_log = logging.getLogger(__name__)


class BuiltInSession:
    """Starts the services of a session for the client whose engine this is, as the variables say. Returns at once.

    `ready` resolves to the URL for endpoints, None when the services run in `engine` itself. What goes to a worker is
    relayed in this process, so that a client learns from the supervisor how the worker ended. `stream` comes before
    its variable. Raises ConfigurationError for a value that cannot be, and for threads on a Python without its lock.
    """

    def __init__(self, engine: ServicesEngine, *, stream: str | None = None) -> None:
        settings = read_settings(options={} if stream is None else {"stream": [stream]})
        check_threads(engine.backend_name)
        check_ranks(engine.backend_name, settings)
        what_holds_roots(engine.backend_name, settings)
        backend = engine.backend
        self.ready: Reply[str | None] = Reply()
        self.about = {
            "version": __version__,
            "backend": engine.backend_name,
            "host": platform.node(),
            "built_in": True,
        }
        self._worker: RelayedWorker | None = None
        self._engine = engine
        if backend.crosses_processes:
            self._worker = RelayedWorker(
                engine.backend_name, settings, engine=engine, died=lambda error: _log.error("%s", error)
            )
            self._worker.ready.add_done_callback(self._started)
        else:
            begun = begin_session_services(engine, settings)
            begun.add_done_callback(lambda: self._begun(begun))

    def restart(self) -> Reply[None]:
        """End the services and begin new ones; resolves when they are there.

        Raises Refused on threads, Closed in a process that was forked.
        """
        if self._engine.forked:
            raise Closed("this session is that of the process which this one was forked from; connect anew here")
        if self._worker is None:
            raise Refused(THREADS_STAY)
        return self._worker.restart()

    def close(self, timeout_s: float = GRACE_S) -> None:
        """End the worker, if there is one, and wait for it; it is killed if it does not end within `timeout_s`.

        Blocks that long. Services in the engine end with the engine.
        """
        if self._worker is not None and not self._engine.forked:
            self._worker.close("this program has closed the session", min(timeout_s, GRACE_S))
            self._worker.join(timeout_s + 5.0)

    def _begun(self, begun: Reply[None]) -> None:
        try:
            begun.result()
        except ServicesError as error:
            self.ready.resolve(None, error)
        else:
            self.ready.resolve(None)

    def _started(self) -> None:
        assert self._worker is not None
        try:
            self._worker.ready.result()
            self.ready.resolve(self._engine.listen(f"thread://built-in-{secrets.token_hex(8)}", self._accept).url)
        except ServicesError as error:
            self.ready.resolve(None, error)

    def _accept(self, channel: Channel) -> None:
        assert self._worker is not None
        channel.start(self._worker.receiver(channel))
