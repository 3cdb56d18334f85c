"""How single blocks look: which are seen, their colors and opacities. Properties of representations."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from ...records import dataclass
from ..checks import ANY_LENGTH, COLOR, FRACTION, Name, is_list
from ..lists import Names, told_number
from ..types import SceneProperty

ALL: Final = ("/",)
MOST: Final = 10_000
_OF: Final = "paths of blocks, as /Root/Block0 or //Block0"


@dataclass(frozen=True)
class OfBlocks:
    """A flat list: the path of blocks, then `size` numbers that `each` takes, and so on; numbers may be texts."""

    what: str
    each: Any
    size: int

    @property
    def facts(self) -> Mapping[str, Any]:
        """See Check."""
        return {"type": "str", "size": ANY_LENGTH, "kind": "indexed"}

    def __call__(self, value: object) -> tuple[Any, ...]:
        """See Check."""
        width = self.size + 1
        if not is_list(value) or len(value) % width or len(value) > width * MOST:
            raise ValueError(f"expected a flat list: path of blocks, {self.what}, and so on")
        found: list[Any] = []
        for first in range(0, len(value), width):
            path, *numbers = value[first : first + width]
            told = [told_number(one) for one in numbers]
            taken = self.each(told if self.size > 1 else told[0])
            found += [Name()(path), *(taken if self.size > 1 else (taken,))]
        return tuple(found)


def _p(name: str, doc: str, default: Any, check: Any) -> SceneProperty:
    return SceneProperty(name, doc, default, check, half="both", panel="advanced")


BLOCKS: Final = (
    _p("BlockSelectors", f"which blocks of a surface are drawn: {_OF}; / is all", ALL, Names(_OF, MOST)),
    _p(
        "BlockColors",
        f"of single blocks: a flat list of {_OF}, red, green, blue",
        (),
        OfBlocks("red, green, blue", COLOR, 3),
    ),
    _p("BlockOpacities", f"of single blocks: a flat list of {_OF}, opacity", (), OfBlocks("opacity", FRACTION, 1)),
)
"""How blocks of a composite look otherwise than the others; of several that fit one, the last counts."""
