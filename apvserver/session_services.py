"""What one session consists of: a data service, a render service and the operator's own, in one engine."""

from __future__ import annotations

import importlib
import os
import secrets
from collections.abc import Callable
from typing import Any, Final

from services_core import ConfigurationError, Service, ServiceEndpoint, ServicesEngine

from .data_service import DataService
from .render_service import RenderService

SERVICES: Final = ("data", "render")
"""The services that every session has."""

SERVICES_VARIABLE: Final = "APV_SERVICES"
"""Own services as module:Class, separated by commas; set by --service."""

Connect = Callable[[str], ServiceEndpoint]
"""Gives a service an endpoint to another service of its session, by name."""


def start_session_services(engine: ServicesEngine) -> None:
    """Add the services of a session to `engine`. Returns at once: VTK is imported on their own threads.

    Whatever backend the engine has, they talk by reference: they are threads of one process. An own service is a class
    whose instances are made with one argument, a `Connect`. Raises ConfigurationError if one cannot be imported.
    """
    own = [own_service(name) for name in filter(None, os.environ.get(SERVICES_VARIABLE, "").split(","))]
    join = engine.listen(f"thread://session-{secrets.token_hex(8)}")

    def connect(name: str) -> ServiceEndpoint:
        return engine.endpoint(name, join.url)

    engine.add_service(RenderService())
    engine.add_service(DataService(lambda: connect("render")))
    for make in own:
        engine.add_service(make(connect))


def own_service(name: str) -> Callable[[Connect], Service]:
    """The class that `module:Class` names. Raises ConfigurationError."""
    module, colon, attribute = name.partition(":")
    try:
        found: Any = getattr(importlib.import_module(module), attribute)
    except (ImportError, AttributeError, ValueError) as error:
        raise ConfigurationError(
            f"the service {name!r} cannot be imported: {error}; it is written module:Class"
        ) from error
    if not colon or not (isinstance(found, type) and issubclass(found, Service)):
        raise ConfigurationError(f"{name!r} is no subclass of services_core.Service")
    return found
