"""The properties of one proxy as a panel shows them: values, defaults, domains, visibility; changes as one step."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from async_paraview.domains import Domain
from async_paraview.records import dataclass

from ..model.holding.set_properties import UNSET
from ..model.property_holder import PropertyHolder

ADVANCED: Final = "advanced"
NEVER: Final = "never"


@dataclass(frozen=True, slots=True)
class PropertyState:
    """One line of a panel. `value` is what was set here, else the default; `kind` "simple", "indexed" or "object"."""

    name: str
    label: str
    doc: str
    kind: str
    type: str
    size: int
    value: Any
    default: Any
    is_set: bool
    panel: str
    """ "default", "advanced" or "never"."""
    visible: bool
    """Whether it matters now: some do only if another property has a certain value."""
    domain: Domain


class PropertyManager:
    """What a user interface needs of a proxy; `await PropertyManager.of(proxy)` makes one."""

    def __init__(self, proxy: PropertyHolder, definition: dict[str, Any]) -> None:
        self.proxy = proxy
        self._entries: dict[str, dict[str, Any]] = {
            one["name"]: one for one in definition["properties"] if not one.get("information")
        }

    @classmethod
    async def of(cls, proxy: PropertyHolder) -> PropertyManager:
        """Return the manager of a proxy, once its definition has arrived. Raises RemoteError (UnknownType)."""
        return cls(proxy, await proxy.definition())

    def panel(self, *, advanced: bool = False) -> tuple[PropertyState, ...]:
        """Return the lines of a panel as things are now. Local.

        They are those of the properties that matter with the present values; with `advanced` the advanced properties
        are among them.
        """
        states = (self.state(name) for name in self._entries)
        panels = ("default", "", ADVANCED) if advanced else ("default", "")
        return tuple(one for one in states if one.visible and one.panel in panels)

    def state(self, name: str) -> PropertyState:
        """Return all that is known of a property. Local. Raises AttributeError, suggesting the nearest names."""
        entry = self._entry(name)
        value = self._value(name)
        return PropertyState(
            name=name,
            label=entry.get("label") or name,
            doc=entry.get("doc", ""),
            kind=entry.get("kind", "simple"),
            type=entry["type"],
            size=entry["size"],
            value=entry.get("default") if value is UNSET else value,
            default=entry.get("default"),
            is_set=value is not UNSET,
            panel=entry.get("panel") or "default",
            visible=self._is_visible(entry),
            domain=self.proxy.domain(name),
        )

    def set(self, **values: Any) -> None:
        """Set several properties as one step of undo: all of them or, if one is wrong, none. Local.

        Raises AttributeError, TypeError, ValueError as setting each would.
        """
        for name, value in values.items():
            self._entry(name)
            self.proxy.check_value(name, value)
        with self.proxy.session.undo.all_or_nothing(f"set {', '.join(values)} of {self.proxy.type_name}"):
            for name, value in values.items():  # what an object may be is checked when it is set
                setattr(self.proxy, name, value)

    def reset(self, *names: str) -> None:
        """Set properties, or all that were set, back to what a new proxy has, as one step of undo. Local."""
        is_set = self.proxy.set_values().keys()
        chosen = names or tuple(name for name in self._entries if name in is_set)
        for name in chosen:
            self._entry(name)  # raises, suggesting the nearest names
        with self.proxy.session.undo.group(f"reset {', '.join(chosen)} of {self.proxy.type_name}"):
            for name in chosen:
                if name in is_set:
                    delattr(self.proxy, name)

    def watch(self, watcher: Callable[[str, Any], None]) -> Callable[[], None]:
        """Have `watcher(name, value)` called after every change of a property of this proxy; see Proxy.watch."""
        return self.proxy.watch(watcher)

    def _entry(self, name: str) -> dict[str, Any]:
        if name not in self._entries:
            self.proxy.entry(name)  # raises, suggesting the nearest names
            raise AttributeError(f"{self.proxy.type_name}.{name} is an input, or information: no property to be set")
        return self._entries[name]

    def _value(self, name: str) -> Any:
        return self.proxy.value_set(name)

    def _is_visible(self, entry: dict[str, Any]) -> bool:
        condition = entry.get("hidden_unless")
        if not condition:
            return True
        value = self._value(condition["property"])
        if value is UNSET:
            value = self._entries.get(condition["property"], {}).get("default")
        elif self._entries.get(condition["property"], {}).get("kind") == "object":
            value = value.type_name if isinstance(value, PropertyHolder) else ""  # nothing is held, and that was set
        wanted = condition["equals"]
        return value in wanted if isinstance(wanted, list) else bool(value == wanted)
