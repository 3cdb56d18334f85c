"""References: what a property of a layout, or of an animation, holds of a session, as it travels."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from ..records import dataclass
from .checks import is_list
from .color_maps import COLOR_MAP, PIECEWISE_FUNCTION

PROXY: Final = "proxy"
VIEW: Final = "view"
REPRESENTATION: Final = "representation"
BY_ID: Final = (PROXY, VIEW, REPRESENTATION)
BY_NAME: Final = (COLOR_MAP.name, PIECEWISE_FUNCTION.name)


@dataclass(frozen=True)
class ReferenceTo:
    """One of some kinds of things: [kind, number], or [kind, name] of a color map or an opacity function."""

    kinds: tuple[str, ...]

    @property
    def facts(self) -> Mapping[str, Any]:
        """See Check."""
        return {"type": "reference", "size": 1, "kind": "indexed"}

    def __call__(self, value: object) -> tuple[str, int | str]:
        """See Check."""
        if not is_list(value) or len(value) != 2 or value[0] not in self.kinds:
            raise ValueError(f"expected one of {', '.join(self.kinds)}, and its number or name")
        kind, of = value
        wanted = str if kind in BY_NAME else int
        if type(of) is not wanted:
            raise ValueError(f"a {kind} is told by its {'name' if wanted is str else 'number'}, not by {of!r:.40}")
        return kind, of


@dataclass(frozen=True)
class ReferencesTo:
    """A list of at most `most` references."""

    each: ReferenceTo
    most: int = 4096

    @property
    def facts(self) -> Mapping[str, Any]:
        """See Check."""
        return {"type": "reference", "size": 0, "kind": "indexed"}

    def __call__(self, value: object) -> tuple[Any, ...]:
        """See Check."""
        if not is_list(value) or len(value) > self.most:
            raise ValueError(f"expected a list of at most {self.most} of {', '.join(self.each.kinds)}")
        return tuple(self.each(one) for one in value)
