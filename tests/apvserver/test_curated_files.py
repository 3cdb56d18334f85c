"""Every curated reader and writer: small files that the test makes, and what is said where a file's name is missing."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from apvserver.vtk.types.toml_definitions import _entries, hand_written_names

from ..harness.apvtest import environment
from ..harness.small_files import small_files
from ..harness.time_limits import scaled

CHILD = """
import json, sys
from apvserver.vtk.base.errors import ExecutionFailed
from apvserver.vtk.pipeline.execution import Executor
from apvserver.vtk.base.information import describe_output
from apvserver.vtk.pipeline.proxies import Pipeline
from apvserver.vtk.types.toml_definitions import composition

made = Pipeline()
made.create(1, "Wavelet")
for id_, (name, properties) in enumerate(json.loads(sys.argv[1]), 10):
    print("begun", name, flush=True)
    inputs = composition(name).definition.inputs
    made.create(id_, name, properties, {port.name: [(1, 0)] for port in inputs})
    try:
        Executor().execute(made, id_)
        found = describe_output(*made.output(id_))
        print("ended", name, found["points"] + found["rows"], flush=True)
    except ExecutionFailed as error:
        print("refused", name, str(error).replace(chr(10), " "), flush=True)
"""


def executed(cases: list[tuple[str, dict[str, Any]]]) -> dict[str, tuple[str, str]]:
    """What became of each type, all of them executed in one process of its own."""
    given = [sys.executable, "-c", CHILD, json.dumps(cases)]
    ended = subprocess.run(given, capture_output=True, text=True, env=environment(), timeout=scaled(300))
    lines = [line.split(maxsplit=2) for line in ended.stdout.splitlines()]
    assert ended.returncode == 0, f"{lines[-1]} ended the process: {ended.returncode}\n{ended.stderr}"
    return {name: (what, *rest) for what, name, *rest in lines if what != "begun"}  # type: ignore[misc]


def of_group(group: str) -> list[str]:
    return [name for name in hand_written_names() if _entries()[name][0]["group"] == group]


def test_every_reader_reads_a_small_file(tmp_path: Path) -> None:
    files = small_files(tmp_path)
    assert sorted(files) == of_group("readers")
    found = executed([(name, properties) for name, (properties, _) in files.items()])
    assert found == {name: ("ended", str(count)) for name, (_, count) in files.items()}


def test_readers_and_writers_without_a_file_say_so() -> None:
    cases: list[tuple[str, dict[str, Any]]] = [(name, {}) for name in (*of_group("readers"), *of_group("writers"))]
    for name, (what, why) in executed(cases).items():
        assert what == "refused", name
        assert any(
            words in why for words in ("names what is to be read", "names the file to be", "its input Input takes")
        ), why
