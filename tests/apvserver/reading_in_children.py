"""Reads files by named readers, each in a child of its own, because some of VTK's readers end the process.

`python -m tests.apvserver.reading_in_children` takes jobs as lines of JSON, [reader, properties], at standard input,
and answers each with a line: what was read, the error, or the signal that has ended it.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterable
from typing import Any

from apvserver.vtk.base.errors import VtkError
from apvserver.vtk.base.information import describe_output
from apvserver.vtk.base.vtk_messages import Message
from apvserver.vtk.pipeline.execution import Executor
from apvserver.vtk.pipeline.proxies import Pipeline
from apvserver.vtk.types.toml_definitions import composition

from ..harness.apvtest import ROOT
from ..harness.time_limits import scaled

Job = tuple[str, dict[str, Any]]
Outcome = dict[str, Any]
_CHILD_S = 20


def outcomes(jobs: Iterable[Job]) -> list[Outcome]:
    """What becomes of each job: {"made": ...}, {"error": ...} or {"died": signal}; and "told", messages."""
    lines = "".join(f"{json.dumps(job)}\n" for job in jobs)
    ended = subprocess.run(
        [sys.executable, "-m", "tests.apvserver.reading_in_children"],
        input=lines,
        capture_output=True,
        text=True,
        cwd=ROOT,
        timeout=scaled(240),
        check=False,
    )
    assert ended.returncode == 0, ended.stderr[-3000:]
    return [json.loads(line) for line in ended.stdout.splitlines()]


def read(reader: str, properties: dict[str, Any]) -> Outcome:
    """What a reader makes, in this process."""
    told: list[str] = []

    def note(message: Message) -> None:
        told.append(message.text)

    pipeline = Pipeline()
    try:
        pipeline.create(1, reader, properties)
        Executor().execute(pipeline, 1, on_message=note)
        found = describe_output(*pipeline.output(1))
    except VtkError as error:
        return {"error": str(error), "told": told}
    arrays = {one["name"]: [list(span) if span else None for span in one["ranges"]] for one in found["arrays"]}
    values: dict[str, list[float]] = {}
    data = pipeline.output_data(1)
    if hasattr(data, "GetPointData"):
        held = data.GetPointData()
        few = [held.GetArray(index) for index in range(held.GetNumberOfArrays())]
        values = {
            one.GetName(): [one.GetComponent(row, 0) for row in range(one.GetNumberOfTuples())]
            for one in few
            if one is not None and one.GetNumberOfTuples() < 100
        }
    made = {name: found.get(name) for name in ("points", "cells", "rows", "bounds")}
    return {"made": {**made, "arrays": arrays, "values": values}, "told": told}


def main() -> None:
    """Do the jobs. What every child needs is looked up once, before they are forked: that takes longer than a job."""
    lines = sys.stdin.read().splitlines()
    for reader in {json.loads(line)[0] for line in lines}:
        composition(reader)
    read("Sphere", {})
    for line in lines:
        ours, theirs = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(ours)
            quiet = os.open(os.devnull, os.O_WRONLY)
            os.dup2(quiet, 1)
            os.dup2(quiet, 2)
            signal.alarm(int(scaled(_CHILD_S)))
            with os.fdopen(theirs, "w") as answer:
                answer.write(json.dumps(read(*json.loads(line))))
            os._exit(0)
        os.close(theirs)
        with os.fdopen(ours) as answer:
            said = answer.read()
        status = os.waitpid(child, 0)[1]
        print(said if status == 0 else json.dumps({"died": os.waitstatus_to_exitcode(status)}), flush=True)


if __name__ == "__main__":
    main()
