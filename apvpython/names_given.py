"""The names that code finds which was typed: at the REPL, after -c, into standard input."""

from __future__ import annotations

import ast
import asyncio
from typing import Any, Final

SESSION: Final = "session"


def names_given() -> dict[str, Any]:
    """Return the names, but for `session`."""
    import servermanager

    return {"servermanager": servermanager, "connect": servermanager.connect, "asyncio": asyncio}


def wants_session(source: str | bytes) -> bool:
    """Return whether code uses `session`, and gives that name to nothing itself."""
    used = False
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Name) and node.id == SESSION:
            if not isinstance(node.ctx, ast.Load):
                return False
            used = True
        elif SESSION in _bound(node):
            return False
    return used


def _bound(node: ast.AST) -> list[str]:
    """Return the names that a node gives to something, but for assignments."""
    if isinstance(node, ast.arg):
        return [node.arg]
    if isinstance(node, ast.alias):
        return [node.asname or node.name]
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return [node.name]
    return []
