"""What a blocking program waits for before a call that is local in itself: that definitions have arrived.

So names and values are checked where they are written, and defaults can be read at once.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import partial
from typing import Any

from async_paraview.names import is_of_property

from ..model.definitions import OBJECTS, DefinitionManager
from ..model.namespaces import ObjectNamespace, ProxyFactory, ProxyNamespace
from ..model.property_holder import PropertyHolder
from ..model.proxy import Proxy
from ..session import Session

Prepare = Callable[[], Awaitable[Any]]


def prepare_property(target: Any, name: str) -> Prepare | None:
    """Return what is to be awaited before a property is read or set; None if nothing is."""
    if not isinstance(target, Proxy) or not is_of_property(name):
        return None
    return _definition(target.session.definitions, target.wire_type)


def prepare_names(target: Any) -> Prepare | None:
    """Return what is to be awaited before names are listed, or help is read; None if nothing is."""
    if isinstance(target, Proxy):
        return _definition(target.session.definitions, target.wire_type)
    if isinstance(target, ProxyFactory):
        return target.definition
    if isinstance(target, (ProxyNamespace, ObjectNamespace)):
        return target.listed
    return None


def prepare_call(target: Any, name: str, arguments: Sequence[Any], named: Mapping[str, Any]) -> Prepare | None:
    """Return what is to be awaited before a method is called; None if nothing is."""
    if isinstance(target, ProxyFactory) and name in ("__call__", "help"):
        return target.definition
    if isinstance(target, PropertyHolder) and name in ("help", "domain", "check_value", "reset_to_domain_defaults"):
        return prepare_names(target)
    if isinstance(target, Session) and name in ("create", "create_object"):
        type_name = named.get("type_name", arguments[0] if arguments else "")
        return _definition(target.definitions, f"{OBJECTS if name == 'create_object' else ''}{type_name}")
    return None


def _definition(definitions: DefinitionManager, type_name: str) -> Prepare | None:
    return None if definitions.is_known(type_name) else partial(definitions.answered, type_name)
