"""Names of files with places for the time, its number and a camera, as ParaView's extractors have them."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping
from typing import Any, Final

from ...records import dataclass

_FIELD: Final = re.compile(r"\{(?P<name>\w*)(?::(?P<spec>[^{}]*))?\}")
_SPECS: Final = {
    "timestep": re.compile(r"0?\d{0,2}d?"), "time": re.compile(r"0?\d{0,2}(\.\d{1,2})?[efgEFG]?"),
    "camera": re.compile(""), "prefix": re.compile(""),
}  # fmt: skip
"""How numbers may be written, as std::format has it."""
_OLD: Final = re.compile(r"%\.(?P<digits>\d{1,2})ts|%(?P<time>\d{0,2}\.\d{1,2})t(?!s)|%(?P<camera>cm)")
"""What ParaView has read until 5.10: %.6ts, %.3t, %cm."""


@dataclass(frozen=True)
class FileNamePattern:
    """The name of a file, with places for {timestep}, {time}, {camera} and {prefix}, and one of some extensions."""

    extensions: tuple[str, ...]

    @property
    def facts(self) -> Mapping[str, Any]:
        """See Check."""
        return {"type": "str", "size": 1}

    def __call__(self, value: object) -> str:
        """See Check."""
        if not isinstance(value, str) or not value or "\0" in value:
            raise ValueError("expected the name of a file")
        for field in _FIELD.finditer(_as_now(value)):
            spec = _SPECS.get(field["name"])
            if spec is None or not spec.fullmatch(field["spec"] or ""):
                raise ValueError(f"{field[0]} stands for nothing; there are {{timestep:06d}}, {{time:.3f}}, {{camera}}")
        if set("{}") & set(_FIELD.sub("", _as_now(value))):
            raise ValueError("a brace begins or ends a place such as {timestep:06d}")
        name = posixpath.basename(value.replace("\\", "/"))
        if not any(name.lower().endswith(one) and len(name) > len(one) for one in self.extensions):
            raise ValueError(f"its name ends with {' or '.join(self.extensions)}")
        return value


def filled_name(pattern: str, timestep: int, time: float, camera: str = "", prefix: str = "") -> str:
    """Return the name of a file at a time, number `timestep` of all."""
    values: dict[str, Any] = {"timestep": timestep, "time": time, "camera": camera, "prefix": prefix}

    def filled(field: re.Match[str]) -> str:
        value, spec = values[field["name"]], field["spec"] or ""
        return number_text(value) if field["name"] == "time" and not spec else format(value, spec)

    return _FIELD.sub(filled, _as_now(pattern))


def number_text(value: float) -> str:
    """Return a number in as few digits as it takes to read the same one, as std::format does: 1, 0.1, 1e-05."""
    return repr(float(value)).removesuffix(".0")


def _as_now(pattern: str) -> str:
    """Return a pattern that ParaView has read until 5.10 as it is written now."""

    def now(old: re.Match[str]) -> str:
        if old["digits"]:
            return f"{{timestep:0{old['digits']}d}}"
        return f"{{time:{old['time']}f}}" if old["time"] else "{camera}"

    return _OLD.sub(now, pattern)
