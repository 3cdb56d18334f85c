"""Which property of a proxy a message is about, where its text tells."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from ..base.vtk_messages import Message, Report
from ..types.composition import Composition
from .proxy import Proxy


def messages_of(proxy: Proxy, reports: list[Report]) -> Iterator[Message]:
    """Yield what VTK reported while it worked for a proxy, with the property that each report is about."""
    for report in reports:
        about = property_of(proxy.composition, proxy.given, report.text)
        yield Message(report.severity, proxy.id, proxy.type_name, report.text, about)


def property_of(made_of: Composition, given: Mapping[str, Any], text: str) -> str:
    """Return the property that a text names, or whose file it names; "" if there is none.

    A name counts if it was set, or cannot be a word: one like Normals or Values is more often said of data; or if the
    text begins by what it needs, as those of our own do. VTK and the checks of files name what a property is in VTK's
    class, which may be called otherwise.
    """
    definition = made_of.definition
    needing = re.match(r"(\w+) needs ", text)
    if needing is not None and any(needing[1] == one.name for one in definition.properties):
        return needing[1]
    own = [(one.name, one.name) for one in definition.properties if not one.information]
    targets = [
        (target, name) for name, _ in own if (route := made_of.route(name)) is not None for _, target in route.targets
    ]
    for names in (own, targets):
        for said, name in sorted(names, key=lambda one: len(one[0]), reverse=True):
            known = (said == name and name in given) or re.search(r"[a-z][A-Z]", said)
            if known and re.search(rf"(?<![\w.]){re.escape(said)}\b", text):
                return name
    for one in definition.properties if "/" in text or "\\" in text else ():
        value = given.get(one.name) if one.path or one.domain.get("kind") == "files" else None
        if any(path and path in text for path in ([value] if isinstance(value, str) else value or ())):
            return one.name
    return ""
