"""What the client knows of types of proxies: asked for in the background, once per type."""

from __future__ import annotations

import difflib
from typing import Any

from services_core import Packet, Reply, ServiceEndpoint, ServicesError

from .plain import plain_data


class Definitions:
    """The definitions that have arrived so far. Nothing here waits."""

    def __init__(self, data: ServiceEndpoint) -> None:
        self._data = data
        self._asked: dict[str, Reply[Packet]] = {}
        self._known: dict[str, dict[str, Any]] = {}

    def ask(self, type_name: str) -> Reply[Packet]:
        """Have the definition of that type sent; answered from memory the second time."""
        reply = self._asked.get(type_name)
        if reply is None:
            reply = self._asked[type_name] = self._data.send_request({"op": "definition", "type": type_name})
            reply.add_done_callback(lambda: self._arrived(type_name))
        return reply

    async def definition(self, type_name: str) -> dict[str, Any]:
        """The definition of a type. Raises RemoteError (UnknownType), which suggests the nearest names."""
        await self.ask(type_name)
        return self._known[type_name]

    def known(self, type_name: str) -> dict[str, Any] | None:
        """The definition of a type, if it has arrived."""
        return self._known.get(type_name)

    def check_property(self, type_name: str, name: str) -> None:
        """Raises AttributeError, suggesting the nearest names, if the type is known and has no such property."""
        definition = self._known.get(type_name)
        if definition is None:
            return  # not known yet: the server checks it, and the next awaited call tells
        names = property_names(definition)
        if name not in names:
            near = difflib.get_close_matches(name, names, n=3)
            hint = f"; did you mean {', '.join(near)}?" if near else f"; it has {', '.join(names[:20])} ..."
            raise AttributeError(f"{type_name} has no property {name!r}{hint}")

    def default(self, type_name: str, name: str) -> Any:
        """The default value of a property. Raises AttributeError if it is unknown, or not known yet."""
        definition = self._known.get(type_name)
        if definition is None:
            raise AttributeError(
                f"{type_name}.{name} was not set here, and the definition of {type_name} has not arrived yet; "
                "await proxy.definition() first"
            )
        self.check_property(type_name, name)
        return next((entry.get("default") for entry in definition["properties"] if entry["name"] == name), None)

    def _arrived(self, type_name: str) -> None:
        try:
            self._known[type_name] = plain_data(self._asked[type_name].result())
        except ServicesError:
            del self._asked[type_name]  # whoever awaits the reply gets the error; the next one may ask again


def property_names(definition: dict[str, Any]) -> list[str]:
    """The names of all properties and inputs of a definition."""
    return [entry["name"] for key in ("inputs", "properties") for entry in definition[key]]
