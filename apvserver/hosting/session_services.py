"""What one session consists of: a data service, a render service and the operator's own, in one engine."""

from __future__ import annotations

import importlib
import logging
import secrets
import threading
import time
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

from async_paraview.vtk_imports import importing_all
from services_core import ConfigurationError, Reply, Service, ServiceEndpoint, ServicesEngine, ServicesError

from ..settings import Settings, adopt
from ..vtk.rendering.opengl import start_probe

if TYPE_CHECKING:
    from ..data.protocols import Crew
    from ..vtk.rendering.compositing.composer import Composer

_log = logging.getLogger(__name__)

Connect = Callable[[str], ServiceEndpoint]
"""Gives a service an endpoint to another service of its session, by name."""


def begin_session_services(engine: ServicesEngine, settings: Settings, *, begun_s: float = 0.0) -> Reply[None]:
    """Run `start_session_services` on a thread of its own. Returns at once; resolves as that ends.

    Or when the services have imported all that they need, if that takes less than `begun_s`.
    """
    ready: Reply[None] = Reply()

    def start() -> None:
        try:
            until = time.monotonic() + begun_s
            for service in start_session_services(engine, settings):
                service.wait_until_begun(max(0.0, until - time.monotonic()))
        except ServicesError as error:
            ready.resolve(None, error)
        except Exception as error:  # such as no thread that could be begun: who waits is told whatever it is
            _log.exception("the services of a session could not begin")
            ready.resolve(None, ServicesError(f"the services could not begin: {type(error).__name__}: {error}"))
        else:
            ready.resolve(None)

    threading.Thread(target=start, name="session-begin", daemon=True).start()
    return ready


def start_session_services(
    engine: ServicesEngine, settings: Settings, *, prepares: bool = False, crew: Crew | None = None
) -> list[Service]:
    """Add the services of a session to `engine`, and return them; the settings become those of this process.

    Blocks while own services are imported; VTK is imported by the threads of ours.

    Whatever backend the engine has, they talk by reference: they are threads of one process. An own service is a class
    whose instances are made with one argument, a `Connect`. Raises ConfigurationError if that cannot be imported or
    made. `prepares`: there is time before somebody uses them, for what the first picture takes longer. `crew`: the
    other ranks of the session, where it has several.
    """
    adopt(settings)
    start_probe()  # first: its process draws while this one imports
    with importing_all():
        from ..data.service import DataService  # here: a server with worker processes needs none of it
        from ..render.service import RenderService

    own = [(name, own_service(name)) for name in settings.services]
    join = engine.listen(f"thread://session-{secrets.token_hex(8)}")

    def connect(name: str) -> ServiceEndpoint:
        return engine.endpoint(name, join.url)

    data = DataService(lambda: connect("render"), crew=crew)
    drawing = RenderService(compose=None if crew is None else partial(_composer, crew), when_watched=data.watch)
    services: list[Service] = [drawing, data]
    for service in services:
        engine.add_service(service)
    if prepares:
        drawing.prepare()
    for name, make in own:
        services.append(_made(name, make, connect))
        engine.add_service(services[-1])
    return services


def _composer(crew: Crew) -> Composer:
    """Return what has the other ranks draw their pieces, or puts these together."""
    from ..data.drawn_pieces import check_memory, gathered_surface
    from ..vtk.rendering.compositing.composer import Composer

    return Composer(crew.drawing, gathered_surface, check_memory)


def own_service(name: str) -> Callable[[Connect], Service]:
    """Return the class that `module:Class` names. Raises ConfigurationError."""
    module, colon, attribute = name.partition(":")
    try:
        found: Any = getattr(importlib.import_module(module), attribute)
    except (ImportError, AttributeError, ValueError) as error:
        raise ConfigurationError(
            f"the service {name!r} cannot be imported: {error}; it is written module:Class, and its module must be "
            "installed or in a directory that PYTHONPATH names: the current directory is not looked into"
        ) from error
    except (Exception, SystemExit) as error:
        raise _failed(name, "importing it", error) from error
    if not colon or not (isinstance(found, type) and issubclass(found, Service)):
        raise ConfigurationError(f"{name!r} is no subclass of services_core.Service")
    return found


def _made(name: str, make: Callable[[Connect], Service], connect: Connect) -> Service:
    try:
        return make(connect)
    except (Exception, SystemExit) as error:
        raise _failed(name, "making it", error) from error


def _failed(name: str, doing: str, error: BaseException) -> ConfigurationError:
    _log.error("the service %r failed", name, exc_info=error)
    return ConfigurationError(f"the service {name!r} failed: {doing} raised {type(error).__name__}: {error}")
