"""A process that executes types over large data, and tells how long Python's lock was kept at a time.

Jobs come on its input, a line for each: {"type", "kind", "side"}, with "properties" of a source, whose kind is "none",
or with the "extension" of a file that a reader is to read, as which the data is written before. For each a line of its
output tells what came of it: "outcome" ("ok", "refused", "odd"), "kept_s", the longest time that no other thread could
go on, and "where" that was.
"""

from __future__ import annotations

import faulthandler
import functools
import gc
import json
import os
import re
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from typing import Any, Final

import psutil
from vtkmodules.vtkCommonDataModel import vtkTable
from vtkmodules.vtkFiltersCore import vtkAppendFilter
from vtkmodules.vtkFiltersSources import vtkSphereSource

from apvserver.sharing import SWITCH_S
from apvserver.vtk.base.errors import VtkError
from apvserver.vtk.base.information import describe_output, shallow_output
from apvserver.vtk.files.writers.writing import write_data
from apvserver.vtk.geometry.extraction import extract, extraction_properties
from apvserver.vtk.pipeline.execution import Executor
from apvserver.vtk.pipeline.proxies import Pipeline
from apvserver.vtk.types.toml_definitions import composition

from .lock_kept import come_first
from .sweep_data import dressed, image, numbers, waves

MEMORY_BYTES: Final = 12 * 1024**3
TIMES: Final = 3
"""How often each is executed at most; the time that counts is the shortest: at first libraries are loaded."""
_TICK_S: Final = 0.002
TOLD_FROM_S: Final = 0.02
"""What kept the lock for no longer is not executed again, of what did it is told where."""
_DATA, _TESTED = 2, 100


SIDE: Final = 100
"""Of a million points."""


def large_image(side: int = SIDE) -> Any:
    """A million points, or those of another side, with a number and a vector for each, and for each cell."""
    return image(0, side - 1, 0, side - 1, 0, side - 1)


def large_grid(side: int = SIDE) -> Any:
    """The same as hexahedra."""
    append = vtkAppendFilter()
    append.AddInputData(large_image(side))
    append.Update()
    return append.GetOutput()


def large_surface(side: int = SIDE) -> Any:
    """A million triangles, or as many as points of another side."""
    sphere = vtkSphereSource()
    around = round((side**3 / 2) ** 0.5)
    sphere.SetThetaResolution(around)
    sphere.SetPhiResolution(around + 2)
    sphere.Update()
    return dressed(sphere.GetOutput())


def large_table(side: int = SIDE) -> Any:
    """A million rows of three numbers, or as many as points of another side."""
    made = vtkTable()
    for index, name in enumerate("abc"):
        made.GetRowData().AddArray(numbers(name, waves(side**3) + index))
    return made


LARGE: Final[dict[str, Callable[..., Any]]] = {
    "image": large_image,
    "grid": large_grid,
    "surface": large_surface,
    "table": large_table,
}


def main() -> None:
    if hasattr(psutil.Process, "rlimit"):
        psutil.Process().rlimit(psutil.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    sys.setswitchinterval(SWITCH_S)
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # what is printed is no answer
    made = functools.lru_cache(8)(lambda kind, side: LARGE[kind](side))
    for line in sys.stdin:
        job = json.loads(line)
        data = None if job["kind"] == "none" else made(job["kind"], job["side"])
        with tempfile.TemporaryDirectory() as folder:
            work = functools.partial(executed, job["type"], data, job.get("properties", {}))
            if "extension" in job:
                path = os.path.join(folder, f"large{job['extension']}")
                write_data(path, data, {})
                work = functools.partial(executed, job["type"], None, {"FileName": path})
            found = shortest(work)
            if found["kept_s"] > TOLD_FROM_S:
                found["where"] = work(with_stacks=True)["where"]
        answers.write(json.dumps({**job, **found}) + "\n")
        answers.flush()


def shortest(work: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """What came of work that is done until it keeps the lock for no longer than is told, TIMES at most: the best."""
    found = work()
    for _ in range(TIMES - 1):
        if found["kept_s"] <= TOLD_FROM_S:
            break
        found = min(found, work(), key=lambda one: one["kept_s"])
    return found


def executed(type_name: str, data: Any, given: dict[str, Any], *, with_stacks: bool = False) -> dict[str, Any]:
    """What came of one type, and how long it kept the lock."""
    with tempfile.TemporaryDirectory() as directory, tempfile.TemporaryFile("w+") as stacks:
        pipeline = Pipeline()
        watch = Watch(stacks if with_stacks else None)
        outcome, detail = "ok", ""
        begun = time.perf_counter()
        try:
            definition = composition(type_name).definition
            if data is not None:
                pipeline.create(_DATA, "vtkTrivialProducer")
                pipeline.algorithm(_DATA).SetOutput(data)
                shallow_output(pipeline.algorithm(_DATA))  # ranges and bounds of the data are known
            properties = {"FileName": os.path.join(directory, "written")} if definition.group == "writers" else given
            inputs = {} if data is None else {port.name: [(_DATA, 0)] for port in definition.inputs}
            pipeline.create(_TESTED, type_name, properties, inputs, {})
            with watch:
                Executor().execute(pipeline, _TESTED)
                if definition.outputs:
                    describe_output(*pipeline.output(_TESTED))
                    _show(shallow_output(*pipeline.output(_TESTED)))
                pipeline.close()
        except VtkError as error:
            outcome, detail = "refused", str(error)[:200]
        except Exception as error:
            outcome, detail = "odd", f"{type(error).__name__}: {error}"[:200]
        seconds = time.perf_counter() - begun
        gc.collect()  # or it may come while something else is watched
        stacks.seek(0)
        return {
            "outcome": outcome,
            "detail": detail,
            "seconds": round(seconds, 3),
            "kept_s": round(watch.kept_s, 4),
            "where": _where(stacks.read()),
        }


def _show(data: Any) -> None:
    if data is not None and data.IsA("vtkDataSet") and data.GetNumberOfCells():
        extract(data, extraction_properties({"Representation": "Surface"})).all_parts()


class Watch:
    """Sees for how long this thread keeps the lock, and has its stack written where that is long."""

    def __init__(self, stacks: Any) -> None:
        self.kept_s = 0.0
        self._stacks = stacks
        self._clock = time.pthread_getcpuclockid(threading.get_ident())
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run)

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()
        faulthandler.cancel_dump_traceback_later()

    def _run(self) -> None:
        come_first()
        seen, used = time.perf_counter(), time.clock_gettime(self._clock)
        while not self._over.is_set():
            if self._stacks is not None:  # which starts a thread each time: what counts is measured without
                faulthandler.dump_traceback_later(TOLD_FROM_S, file=self._stacks)
            time.sleep(_TICK_S)
            now, now_used = time.perf_counter(), time.clock_gettime(self._clock)
            self.kept_s = max(self.kept_s, min(now - seen, now_used - used) - _TICK_S)
            seen, used = now, now_used


def _where(stacks: str) -> str:
    """The last lines of Python that were executed when the lock was kept, the most frequent one."""
    found: dict[str, int] = {}
    for stack in re.split(r"\n\n|Timeout ", stacks):
        if "in executed" not in stack:
            continue
        thread = next(part for part in re.split(r"\n(?=Thread|Current)", stack) if "in executed" in part)
        lines = re.findall(r'File "(?:.*?)([^/"]+/[^/"]+)", line (\d+) in (\S+)', thread)
        text = " < ".join(f"{file}:{line} {name}" for file, line, name in lines[:3])
        found[text] = found.get(text, 0) + 1
    return max(found, key=lambda text: found[text], default="")


if __name__ == "__main__":
    main()
