"""One factor multiplies every deadline and every upper bound of the tests."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from ..harness.apvtest import ROOT, poll
from ..harness.time_limits import VARIABLE, factor_of, scaled

TESTS = Path(__file__).parents[1]
_WAITS = {"get", "join", "result", "wait"}
"""Methods whose only argument is for how long to wait."""
_MAY_WAIT = re.compile(rf"timeout|wait_for|\b(?:{'|'.join(sorted(_WAITS))})\(\s*[\d.T]")
"""In every file that waits for a time that is written as a number, or as True; parsing all files takes longest."""
_SHORT_S = 0.5
"""Below this a test waits for what must not come."""
_APART = {"pytest.mark.alone", "pytest.mark.waiting"}
_QUICK_S = 2
"""A bound of no more than this may be missed where other tests run beside."""


def _number(node: ast.expr | None) -> float | None:
    value = node.value if isinstance(node, ast.Constant) else None
    return value if isinstance(value, int | float) else None


def _deadlines(call: ast.Call) -> list[ast.expr]:
    named = [keyword.value for keyword in call.keywords if keyword.arg == "timeout"]
    name = ast.unparse(call.func)
    if name in ("asyncio.timeout", "pytest.mark.timeout") or (
        name.rpartition(".")[2] in _WAITS and len(call.args) == 1
    ):
        return [*named, *call.args]
    return [*named, call.args[1]] if name == "asyncio.wait_for" else named


def unscaled(tree: ast.Module) -> list[str]:
    """Return the calls that wait for a time that is written as a number."""
    found = []
    for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
        numbers = [number for node in _deadlines(call) if (number := _number(node)) is not None]
        found += [ast.unparse(call) for number in numbers if number >= _SHORT_S]
    return found


def test_no_test_waits_for_a_time_that_the_factor_does_not_change() -> None:
    in_vain = ["asyncio.timeout(0.5)"]  # nothing is refined while a person moves something
    texts = {path: path.read_text("utf-8") for path in sorted(TESTS.rglob("*.py"))}
    waiting = [path for path, text in texts.items() if _MAY_WAIT.search(text)]
    assert len(waiting) > 100
    for path in waiting:
        assert unscaled(ast.parse(texts[path])) == (in_vain if path.name == "test_images.py" else []), path


def test_the_look_itself_finds_what_is_not_scaled() -> None:
    code = (
        "a.result(5); b.join(0.2); run(x, timeout=3); c.wait(scaled(5)); asyncio.wait_for(d, 1); ','.join(e); f.wait()"
    )
    found = ["a.result(5)", "run(x, timeout=3)", "asyncio.wait_for(d, 1)"]
    assert unscaled(ast.parse(code)) == found
    assert all(map(_MAY_WAIT.search, found))


def _is_quick(node: ast.AST, named: Mapping[str, ast.expr]) -> bool:
    """Whether a bound of two seconds or less is set to one time; the least of several needs no quiet."""
    if not isinstance(node, ast.Compare) or ast.unparse(node.left).startswith(("min(", "time.process_time()")):
        return False
    meant = [_meant(one, named) for one in node.comparators]
    bounds = [call.args[0] for call in meant if isinstance(call, ast.Call) and "scaled" in ast.unparse(call)]
    numbers = [number for bound in bounds if (number := _number(_meant(bound, named))) is not None]
    return any(number <= _QUICK_S for number in numbers)


def _meant(expression: ast.expr, named: Mapping[str, ast.expr]) -> ast.expr:
    """What a name of the file stands for; anything else stands for itself."""
    return named.get(expression.id, expression) if isinstance(expression, ast.Name) else expression


def _named(tree: ast.Module) -> dict[str, ast.expr]:
    named: dict[str, ast.expr] = {}
    for node in tree.body:
        targets = (
            node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
        )
        value = node.value if isinstance(node, ast.Assign | ast.AnnAssign) else None
        named |= {one.id: value for one in targets if isinstance(one, ast.Name) and value is not None}
    return named


def hurried(tree: ast.Module) -> list[str]:
    """Return the tests that bound a time narrowly, by themselves or by what they call, and may run beside others."""
    if any(isinstance(node, ast.Assign) and any(one in ast.unparse(node) for one in _APART) for node in tree.body):
        return []
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    named = _named(tree)
    quick = {one.name for one in functions if any(_is_quick(node, named) for node in ast.walk(one))}
    beside = [
        one
        for one in functions
        if one.name.startswith("test_") and not _APART.intersection(map(ast.unparse, one.decorator_list))
    ]
    return [one.name for one in beside if one.name in quick or quick & _called(one)]


def _called(function: ast.AST) -> set[str]:
    return {
        node.func.id for node in ast.walk(function) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    }


def test_who_bounds_a_time_narrowly_runs_alone() -> None:
    """`make test` runs tests beside each other that are not marked so."""
    texts = {path: path.read_text("utf-8") for path in sorted(TESTS.rglob("test_*.py"))}
    bounding = [path for path, text in texts.items() if "scaled" in text]  # every bound has that word
    assert len(bounding) > 100
    for path in bounding:
        assert hurried(ast.parse(texts[path])) == [], f"{path}: mark them with one of {_APART}"


def test_the_look_itself_finds_who_bounds_a_time_narrowly() -> None:
    code = """
SOON_S: Final = 0.5
AT_ONCE_S = scaled(SOON_S)
RARELY_S = 5

def quickly():
    assert time.monotonic() - begun < scaled(0.5)

def test_quick():
    assert time.monotonic() - begun < scaled(0.5)

def test_that_calls():
    quickly()

@pytest.mark.alone
def test_alone():
    assert took.seconds < scaled(2)
    quickly()

@pytest.mark.waiting
def test_waiting():
    quickly()

def test_named():
    assert took_s < scaled(SOON_S)

def test_named_and_scaled():
    assert took_s < AT_ONCE_S

def test_slow():
    assert time.monotonic() - begun < scaled(5) and min(took) < scaled(0.1)
    assert took_s < scaled(RARELY_S)
"""
    assert hurried(ast.parse(code)) == ["test_quick", "test_that_calls", "test_named", "test_named_and_scaled"]
    for mark in _APART:
        assert hurried(ast.parse(f"pytestmark = {mark}\n{code}")) == []


@pytest.mark.parametrize("text", ["", "fast", "0", "-1", "nan", "inf"])
def test_a_factor_that_is_none_is_told(text: str) -> None:
    with pytest.raises(ValueError, match=f"{VARIABLE} is {text!r}; it must be a number above 0"):
        factor_of(text)


def run(*arguments: str) -> str:
    """What Python prints where everything has two and a half times as long."""
    command = [sys.executable, *arguments]
    environment = {**os.environ, VARIABLE: "2.5"}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=scaled(60))
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_limits_are_multiplied() -> None:
    assert run("-c", "from tests.harness.time_limits import scaled; print(scaled(5), scaled(0.5))") == "12.5 1.25\n"


def test_pytest_gives_each_test_longer_unless_it_is_told_how_long(pytestconfig: pytest.Config) -> None:
    own_s = 2.5 * float(pytestconfig.getini("timeout"))
    one = ("-m", "pytest", "-n", "0", "-v", "tests/core/test_registry.py")
    assert f"\ntimeout: {own_s}s\n" in run(*one)
    assert "\ntimeout: 7.0s\n" in run(*one, "--timeout", "7")


def test_a_condition_that_does_not_come_true_says_how_long_it_had(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.harness.time_limits.FACTOR", 2.0)
    with pytest.raises(AssertionError, match=r"the end did not come true within 0\.2 s"):
        poll(lambda: False, deadline_s=0.1, what="the end")
