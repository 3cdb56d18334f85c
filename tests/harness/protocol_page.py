"""The lists of operations and properties in docs/protocol.md, made of the classes that both sides use.

`python tests/harness/protocol_page.py` writes them into the page.
"""

from __future__ import annotations

import ast
import inspect
import json
import textwrap
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final

from async_paraview.operations import Operations, data, layout_of, render, sessions
from async_paraview.scene.animation import CAMERA_KEY_FRAME, KEY_FRAME
from async_paraview.scene.catalog import KINDS_OF_VIEWS, SHARED_TYPES
from async_paraview.scene.types import SceneProperty

PAGE: Final = Path(__file__).resolve().parents[2] / "docs" / "protocol.md"
BEGIN, END = "<!-- begin: {} -->", "<!-- end: {} -->"
WIDTH: Final = 120


def written(text: str) -> str:
    """Return the page with the lists as they are now."""
    for name, lines in lists().items():
        head, rest = text.split(BEGIN.format(name) + "\n")
        tail = rest.split(END.format(name))[1]
        text = head + "\n".join([BEGIN.format(name), "", *lines, END.format(name)]) + tail
    return text


def lists() -> dict[str, list[str]]:
    """Return the lines of each list of the page, by its name."""
    return {
        "sessions": list(_operations(sessions.OPERATIONS)),
        "data": list(_operations(data.OPERATIONS)),
        "states": [*_fields(data.ProxyState), ""],
        "render": list(_operations(render.OPERATIONS)),
        "views": list(_properties()),
        "shared": list(_shared()),
    }


def _operations(table: Operations) -> Iterator[str]:
    for one in table.types:
        star = " \\*" if one in data.CONCURRENT else ""
        yield from (f"#### {one.op}", "")
        viewers = "" if one.only_looks or table is sessions.OPERATIONS else ", not for viewers"
        yield from _paragraph(f"{one.sent_as.name}{star}{viewers}. {inspect.getdoc(one)}")
        fields = list(_fields(one))
        if fields:
            yield from (*fields, "")
        if one.answer:
            yield from _paragraph(f"Answer: {one.answer}.")


def _fields(of: type[Any]) -> Iterator[str]:
    texts = _texts(of)
    for one in layout_of(of).fields:
        default = "" if one.make_default is None else f" = {_spelled(one.make_default())}"
        kind = f"({one.type.spelling}{default})"
        said = f": {texts[one.name]}" if one.name in texts else ""
        yield from _filled(f"- `{one.name}` {kind}{said}", "  ")


def _texts(of: type[Any]) -> dict[str, str]:
    """What stands below each field of a class."""
    (body,) = ast.parse(textwrap.dedent(inspect.getsource(of))).body
    assert isinstance(body, ast.ClassDef)
    texts = {}
    for field, after in zip(body.body, body.body[1:], strict=False):
        if isinstance(field, ast.AnnAssign) and isinstance(after, ast.Expr):
            assert isinstance(field.target, ast.Name)
            texts[field.target.id] = str(ast.literal_eval(after.value))
    return texts


def _properties() -> Iterator[str]:
    views: dict[str, str] = {}
    for kind, types in KINDS_OF_VIEWS.items():
        both = [one for one in types.representation if one.half == "both"]
        rest = [one for one in types.representation if one.half != "both"]
        of_view = _listed(types.view)
        same = views.setdefault(of_view, kind)
        yield from _paragraph(f"**{kind}**, of the view: {of_view if same == kind else f'as of {same}'}.")
        yield from _paragraph(f"**{kind}**, of what is shown, both halves: {_listed(both)}.")
        yield from _paragraph(f"**{kind}**, of what is shown, the render half only: {_listed(rest)}.")


def _shared() -> Iterator[str]:
    for type_ in (*SHARED_TYPES.values(), KEY_FRAME, CAMERA_KEY_FRAME):
        yield from _paragraph(f"**{type_.name}**: {_listed(type_)}.")


def _listed(properties: Iterable[SceneProperty]) -> str:
    return ", ".join(f"`{one.name}` {_spelled(one.initial)}" for one in properties)


def _spelled(value: Any) -> str:
    """A default as it would travel."""
    return "nil" if value is None else json.dumps(list(value) if isinstance(value, tuple) else value)


def _paragraph(text: str) -> list[str]:
    return [*_filled(text, ""), ""]


def _filled(text: str, indent: str) -> list[str]:
    return textwrap.wrap(
        " ".join(text.split()), WIDTH, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False
    )


if __name__ == "__main__":
    PAGE.write_text(written(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
