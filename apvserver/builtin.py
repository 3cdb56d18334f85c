"""A built-in session: threads of the client's process, or a worker process, as the selected backend allows."""

from __future__ import annotations

import logging
import platform

from services_core import (
    Reply,
    ServiceCrashed,
    ServicesEngine,
    ServicesError,
    __version__,
)

from .session_services import start_session_services
from .worker_process import WorkerProcess

_log = logging.getLogger(__name__)

Address = tuple[str | None, str | None]


class BuiltInSession:
    """Starts the services of a session for the client whose engine this is. Returns at once.

    `ready` resolves to the URL and the token for endpoints, both None when the services run in `engine` itself.
    """

    def __init__(self, engine: ServicesEngine) -> None:
        backend = engine.backend
        self.ready: Reply[Address] = Reply()
        self.about = {
            "version": __version__,
            "backend": engine.backend_name,
            "host": platform.node(),
            "built_in": True,
        }
        self._worker: WorkerProcess | None = None
        if backend.crosses_processes:
            self._worker = WorkerProcess(backend=engine.backend_name, died=_tell_death)
            self._worker.url.add_done_callback(self._started)
        else:
            start_session_services(engine)
            self.ready.resolve((None, None))

    def close(self) -> None:
        """End the worker, and wait for it. Blocks up to a few seconds; services in the engine end with the engine."""
        if self._worker is not None:
            self._worker.close()
            self._worker.join(30.0)

    def _started(self) -> None:
        assert self._worker is not None
        try:
            self.ready.resolve((self._worker.url.result(), self._worker.token))
        except ServicesError as error:
            self.ready.resolve(None, error)


def _tell_death(error: ServiceCrashed) -> None:
    _log.warning("%s", error)
