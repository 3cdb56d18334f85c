"""Measures the facts of VTK anew, in processes that may end: what the tables say must be what the installed VTK does.

What may be aborted is measured in test_interruption.py, what averages integers in test_integers_averaged.py.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from apvserver.vtk.base.errors import UnknownType
from apvserver.vtk.base.facts.vtk_facts import facts, names
from apvserver.vtk.types.catalog import class_of
from apvserver.vtk.types.reflection import read_class

from ..harness.facts_guards import SCENARIOS
from ..harness.time_limits import scaled

ROOT = Path(__file__).parents[2]
CLASSES, GUARDS = "facts_classes", "facts_guards"
MOST_ENDED = 40


@dataclass
class Measured:
    """Of all classes: what they say of being deprecated, which properties warn, and at which the process ended."""

    deprecated: dict[str, str] = field(default_factory=dict)
    warned: set[str] = field(default_factory=set)
    ended: set[str] = field(default_factory=set)


def child(script: str, *arguments: str, **environment: str) -> tuple[list[dict[str, Any]], int]:
    """What a process tells, and its exit status."""
    command = [sys.executable, "-m", f"tests.harness.{script}", *arguments]
    environment = os.environ | environment
    ran = subprocess.run(
        command, capture_output=True, text=True, env=environment, cwd=ROOT, check=False, timeout=scaled(280)
    )
    return [json.loads(line) for line in ran.stdout.splitlines()], ran.returncode


@pytest.fixture(scope="module")
def measured() -> Measured:
    found, first = Measured(), 0
    while len(found.ended) < MOST_ENDED:
        told, _ = child(CLASSES, "all", str(first), *sorted(found.ended))
        found.deprecated |= {one["deprecated"]: one["said"] for one in told if "deprecated" in one}
        found.warned |= {one["warned"] for one in told if "warned" in one}
        if "done" in told[-1]:
            return found
        last = next(one for one in reversed(told) if "begun" in one)
        found.ended.add(last["begun"])
        first = last["number"] + ("." not in last["begun"])
    return found


def covered(table: str, one: str) -> bool:
    """Whether a table has a property of a class, or of an ancestor of it."""
    type_name, _, name = one.partition(".")
    known = {fact.name: fact.names for fact in facts("classes", table)}
    return any(name in known.get(base.__name__, ()) for base in class_of(type_name).__mro__)


def entries(table: str) -> set[str]:
    return {f"{fact.name}.{name}" for fact in facts("classes", table) for name in fact.names}


@pytest.mark.deep
@pytest.mark.timeout(scaled(300))
def test_getters_that_end_the_process(measured: Measured) -> None:
    assert {one for one in measured.ended if not covered("fatal_properties", one)} == set()
    assert entries("fatal_properties") - measured.ended == set(), "these end nothing: say on which versions in `fine`"


@pytest.mark.deep
@pytest.mark.timeout(scaled(300))
def test_properties_that_warn_are_not_offered(measured: Measured) -> None:
    """Properties that hold objects may: they are not read."""
    assert {one for one in measured.warned if _is_offered(one)} == set()
    assert entries("warning_properties") - measured.warned == set(), "these do not warn"


def _is_offered(one: str) -> bool:
    type_name, _, name = one.partition(".")
    try:
        found = read_class(type_name).properties.get(name)
    except UnknownType:
        return False
    return found is not None and found.kind != "object"


@pytest.mark.deep
@pytest.mark.timeout(scaled(300))
def test_deprecated_classes_and_what_is_to_be_used(measured: Measured) -> None:
    known = {name: fact for fact in facts("classes", "deprecated") for name in fact.names}
    assert measured.deprecated.keys() == known.keys()
    for name, said in measured.deprecated.items():
        since = re.search(r"Deprecated since version (\d+)\.(\d+)", said)
        assert since is not None and known[name].seen.first == (int(since[1]), int(since[2])), said
        replacements = set(re.findall(r"vtk\w+", said)) - {name}
        in_the_wheel = {one for one in replacements if _exists(one)}
        assert not in_the_wheel or known[name].name in in_the_wheel, said


def _exists(name: str) -> bool:
    try:
        return class_of(name) is not None
    except UnknownType:
        return False


@pytest.mark.deep
@pytest.mark.timeout(scaled(300))
def test_classes_that_end_the_process_when_they_are_let_go() -> None:
    for name in names("classes", "fatal", "without_a_window"):
        told, code = child(CLASSES, "one", name)
        assert code < 0 and not told, f"{name} ends nothing"
    told, code = child(CLASSES, "one", "vtkThreshold")
    assert code == 0 and told == [{"done": 1}]


NOT_MEASURED = {
    "explicit_structure": "its class writes files",
    "left_out": "what lies behind the numbers it looks up may be the same in every process",
    "crowded": "its classes write behind a buffer, which ends some processes only",
    "polyhedra": "its classes do not work on them, in ways that differ between processes",
    "columns": "what lies behind a column may be the same in every process",
    "enclosed": "its class ends some processes only",
    "compressed": "some numbers of regions are lost in some processes only",
    "queries": "VTK refuses them by itself, in words that mislead",
    "strips_of_a_surface": "what its class leaves out differs between processes",
    "strides": "its reader writes behind a buffer, which ends some processes only",
}
"""Guards that nothing here shows to be needed, and why."""


@pytest.mark.deep
@pytest.mark.timeout(scaled(300))
@pytest.mark.parametrize("name", sorted(SCENARIOS))
def test_what_a_guard_refuses_ends_the_process_or_is_wrong(name: str) -> None:
    """Twice, with memory filled differently: what is read without having been written comes out differently."""
    came_out = []
    for fill in ("85", "170"):
        told, code = child(GUARDS, name, MALLOC_PERTURB_=fill)
        assert code <= 0, "the scenario itself is wrong"
        came_out.append(told[0] if told and code == 0 else {"wrong": True})
    assert came_out[0]["wrong"] or came_out[0] != came_out[1], "VTK gets along with it: say on which versions in `fine`"


def test_every_guard_is_measured_or_says_why_not() -> None:
    guards = {one.name for group in ("guards", "looks") for one in facts("execution", group)} | {"turned"}
    assert guards == SCENARIOS.keys() | NOT_MEASURED.keys()
