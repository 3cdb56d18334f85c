"""What the tests share uses nothing that Windows lacks; and no test needs it to be imported."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

TESTS = Path(__file__).parents[1]
LACKING = {
    "os": {"fork", "forkpty", "geteuid", "getpriority", "getuid", "killpg", "mkfifo", "openpty", "pread", "setsid"},
    "signal": {"SIGALRM", "SIGCONT", "SIGHUP", "SIGKILL", "SIGSTOP", "SIGUSR1", "SIGUSR2", "pthread_kill"},
    "socket": {"AF_UNIX"},
}
NAMES = frozenset.union(*map(frozenset, LACKING.values()))
MODULES = {"fcntl", "grp", "posix", "pty", "pwd", "resource", "termios", "tty"}


def _everything(node: ast.AST) -> Iterator[ast.AST]:
    yield from ast.walk(node)


def _when_imported(node: ast.AST) -> Iterator[ast.AST]:
    """Whatever is executed when the module is imported: no bodies of functions."""
    for child in ast.iter_child_nodes(node):
        yield child
        if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef):
            for part in (*child.decorator_list, child.args):
                yield from ast.walk(part)
        else:
            yield from _when_imported(child)


def _lacking(nodes: Iterator[ast.AST]) -> list[str]:
    found = []
    for node in nodes:
        if isinstance(node, ast.Import):
            found += [name.name for name in node.names if name.name in MODULES]
        elif isinstance(node, ast.ImportFrom) and node.module in MODULES:
            found.append(node.module)
        elif isinstance(node, ast.Attribute) and node.attr in NAMES and node.attr in _lacking_of(node.value):
            found.append(ast.unparse(node))
    return found


def _lacking_of(module: ast.expr) -> set[str]:
    return LACKING.get(ast.unparse(module), set())


def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"))


@pytest.mark.parametrize("path", sorted(TESTS.glob("harness/*.py")), ids=lambda path: path.name)
def test_the_harness_uses_nothing_that_windows_lacks(path: Path) -> None:
    assert _lacking(_everything(_tree(path))) == []


def test_every_test_can_be_imported_on_windows() -> None:
    after_hasattr = ("test_atomic_files.py", "test_credentials.py", "test_readers.py", "test_tokens.py")
    looked_for_first = {name: ["os.geteuid"] for name in after_hasattr}
    for path in sorted(TESTS.rglob("*.py")):
        assert _lacking(_when_imported(_tree(path))) == looked_for_first.get(path.name, []), path


def test_the_look_itself_finds_what_is_lacking() -> None:
    tree = ast.parse("import pty\ndef f(a=os.fork):\n    signal.SIGKILL\nx = socket.AF_UNIX\n")
    assert _lacking(_when_imported(tree)) == ["pty", "os.fork", "socket.AF_UNIX"]
    assert sorted(_lacking(_everything(tree))) == ["os.fork", "pty", "signal.SIGKILL", "socket.AF_UNIX"]
