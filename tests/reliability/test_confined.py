"""With data roots the kernel holds workers to them, where it can; memory is bounded, and others do not notice."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from apvserver import confinement
from apvserver.confinement import landlock_abi
from apvserver.settings import Settings
from apvserver.worker_limits import give_caches, worker_policy
from servermanager import ConfigurationError, RemoteError, ServiceCrashed, SourceProxy, connect

from ..harness.apvtest import ROOT, Server, in_loop, run, variables
from ..harness.time_limits import scaled

ABI = landlock_abi()
HELD = pytest.mark.skipif(ABI == 0, reason="this kernel has no Landlock")
LINUX = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="bounds of data are Linux's")

TRIES = """
import json, os, socket, subprocess, sys, threading
from apvserver.confinement import Policy, confine, held
inside, outside, most_abi = sys.argv[1], sys.argv[2], int(sys.argv[3])
libraries = [sys.prefix, sys.base_prefix, *sys.path, "/usr", "/lib", "/lib64"]
found = confine(Policy(run=tuple(libraries), write=(inside,), devices=("/dev/null",)), most_abi=most_abi)
assert found is held()

def attempt(do):
    try:
        do()
    except OSError as error:
        return type(error).__name__
    return "done"

def read(path):
    with open(path) as file:
        file.read()

def write(path):
    with open(path, "w") as file:
        file.write("x")

def in_thread(do):
    told = []
    thread = threading.Thread(target=lambda: told.append(attempt(do)))
    thread.start()
    thread.join()
    if told != ["done"]:
        raise PermissionError(told)

listening = socket.create_server(("127.0.0.1", 0)) if most_abi else None
print(json.dumps({
    "abi": found and found.abi,
    "lacks": found and found.lacks,
    "read inside": attempt(lambda: read(inside + "/a")),
    "write inside": attempt(lambda: write(inside + "/b")),
    "rename inside": attempt(lambda: os.rename(inside + "/b", inside + "/c")),
    "read outside": attempt(lambda: read(outside + "/a")),
    "read outside by a link": attempt(lambda: read(inside + "/link")),
    "read outside by /proc": attempt(lambda: read("/proc/self/root" + outside + "/a")),
    "read outside in a thread": attempt(lambda: in_thread(lambda: read(outside + "/a"))),
    "list outside": attempt(lambda: os.listdir(outside)),
    "write outside": attempt(lambda: write(outside + "/b")),
    "write outside by a link": attempt(lambda: write(inside + "/link")),
    "remove outside": attempt(lambda: os.unlink(outside + "/a")),
    "link from outside": attempt(lambda: os.link(outside + "/a", inside + "/hard")),
    "execute inside": attempt(lambda: subprocess.run([inside + "/program"], check=True)),
    "read in a child": subprocess.run([sys.executable, "-c", f"open({outside + '/a'!r})"], stderr=-3).returncode != 0,
    "the environment of the parent": attempt(lambda: read(f"/proc/{os.getppid()}/environ")),
    "connect": attempt(lambda: socket.create_connection(listening.getsockname())),
    "listen at a fixed port": attempt(lambda: socket.create_server(("127.0.0.1", listening.getsockname()[1] ^ 1))),
}))
"""


def tried(inside: Path, outside: Path, most_abi: int) -> dict[str, Any]:
    """What a process that is confined to `inside` could do."""
    for directory in (inside, outside):
        directory.mkdir(parents=True)
        (directory / "a").write_text("text")
    (inside / "link").symlink_to(outside / "a")
    program = inside / "program"
    program.write_text("#!/bin/sh\nexit 0\n")
    program.chmod(0o755)
    command = [sys.executable, "-c", TRIES, str(inside), str(outside), str(most_abi)]
    ended = subprocess.run(
        command,
        capture_output=True,
        text=True,
        timeout=scaled(30),
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert ended.returncode == 0, ended.stderr
    found: dict[str, Any] = json.loads(ended.stdout)
    return found


@HELD
@pytest.mark.parametrize("abi", range(1, 8))
def test_reading_and_writing_outside_is_refused_from_the_first_abi_on(abi: int, tmp_path: Path) -> None:
    if abi > ABI:
        pytest.skip(f"this kernel has Landlock {ABI}, which cannot do as {abi} does")
    found = tried(tmp_path / "inside", tmp_path / "outside", abi)
    assert found["abi"] == abi
    for what in ("read inside", "write inside", "rename inside"):
        assert found[what] == "done", what
    refused = [one for one in found if "outside" in one]
    assert len(refused) == 9
    assert all(found[one] in ("PermissionError", "OSError") for one in refused), found
    assert found["execute inside"] == "PermissionError"
    assert found["read in a child"]
    assert found["the environment of the parent"] == "PermissionError"
    network = "PermissionError" if abi >= 4 else "done"
    assert found["connect"] == network
    assert (found["listen at a fixed port"] == "PermissionError") == (abi >= 4)
    assert ("TCP" in found["lacks"]) == (abi < 4) and bool(found["lacks"]) == (abi < 6)
    assert (tmp_path / "outside" / "a").read_text() == "text" and not (tmp_path / "outside" / "b").exists()


def test_where_there_is_no_landlock_nothing_is_confined_and_that_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    assert confinement.confine(confinement.Policy(), most_abi=0) is None and confinement.held() is None
    monkeypatch.setattr(sys, "platform", "darwin")
    assert landlock_abi() == 0


def policy(path: tuple[str, ...] = (), **changes: Any) -> confinement.Policy | None:
    return worker_policy({**Settings().to_dict(), **changes}, "/own", path)


def test_what_a_worker_may_reach(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert policy() is None and policy(data_roots=["/data"], confine="off") is None
    only_written = policy(write_roots=["/results"])
    assert only_written is not None and only_written.run == ("/",) and only_written.write == ("/own", "/results")
    both = policy(data_roots=["/data"], write_roots=["/data/results"], cache="/cache", definitions=["/own.toml"])
    assert both is not None and both.write == ("/own", "/data/results")
    assert {"/data", "/cache", "/own.toml"} < set(both.read) and not {"/cache", "/data"} & {*both.run, *both.write}
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("PYTHONPATH", raising=False)
    beside = policy((str(tmp_path), "/modules"), data_roots=["/data"])
    assert beside is not None and str(tmp_path) not in beside.run, "where the server was started is not code"
    assert {"/modules", str(ROOT)} < set(beside.run)
    above = policy(("/data", "/data/code", "/"), data_roots=["/data/mine"])
    assert above is not None and not {"/data", "/"} & set(above.run) and "/data/code" in above.run
    assert not {"/", "/usr", "/etc", "/home", "/tmp", "/proc", "/proc/self"} & {*beside.run, *beside.read}
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    named = policy((str(tmp_path),), data_roots=["/data"])
    assert named is not None and str(tmp_path) in named.run


def test_libraries_that_stand_in_a_prefix_as_links_are_reached(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As those of an environment that is a view of a store."""
    store, prefix, data = tmp_path / "store" / "lib", tmp_path / "view", tmp_path / "data"
    for directory in (store, prefix / "lib", data):
        directory.mkdir(parents=True)
    for place in (store, data):
        (place / "libsolver.so.12").touch()
    (prefix / "lib" / "libsolver.so.12").symlink_to(store / "libsolver.so.12")
    (prefix / "lib" / "libother.so").symlink_to(data / "libsolver.so.12")
    monkeypatch.setattr(sys, "prefix", str(prefix))
    found = policy(data_roots=[str(data / "of one")])
    assert found is not None and str(store) in found.run and str(data) not in found.run, "above a root is no code"


def test_caches_of_libraries_are_copies(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    users, own = tmp_path / "cache", tmp_path / "own"
    for name in ("matplotlib/fonts.json", "mesa_shader_cache/04/shader"):
        (users / name).parent.mkdir(parents=True)
        (users / name).write_text("made before")
    own.mkdir()
    monkeypatch.setenv("XDG_CACHE_HOME", str(users))
    for variable in ("MPLCONFIGDIR", "MESA_SHADER_CACHE_DIR"):
        monkeypatch.setenv(variable, "")
    give_caches(str(own))
    copies = Path(os.environ["MPLCONFIGDIR"]), Path(os.environ["MESA_SHADER_CACHE_DIR"])
    assert (copies[0] / "fonts.json").read_text() == "made before"
    assert (copies[1] / "mesa_shader_cache" / "04" / "shader").read_text() == "made before"
    again = tmp_path / "again"
    give_caches(str(again))
    assert sorted(one.name for one in again.rglob("*") if one.is_file()) == ["fonts.json", "shader"]


@in_loop
async def test_to_require_the_kernel_is_refused_where_it_holds_nothing(tmp_path: Path) -> None:
    for options, why in (
        ((), "there is nothing to confine workers to without --data-root"),
        (("--data-root", str(tmp_path), "--backend", "inproc"), "threads of this process, which cannot be confined"),
    ):
        ended = run("apvserver", "-p", "0", "--confine", "require", *options)
        assert ended.code == 2 and "--confine require: " in ended.errors and why in ended.errors, ended
    threads = pytest.raises(ConfigurationError, match="threads of this process, which cannot be confined")
    with variables(APV_DATA_ROOT=str(tmp_path), APV_CONFINE="require"), threads:
        await connect(backend="inproc")


def test_names_alone_are_said_to_be_alone(tmp_path: Path) -> None:
    for options in (("--backend", "inproc"), ("--confine", "off")):
        with Server(None, "--data-root", str(tmp_path), *options) as server:
            assert "; clients are kept below the roots by names of files alone: " in server.output


@dataclass(frozen=True)
class Place:
    """A server with roots, and files below them and outside."""

    server: Server
    data: Path
    results: Path
    outside: Path


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    base = tmp_path_factory.mktemp("confined")
    data, results, outside = base / "data", base / "results", base / "outside"
    for directory in (data, results, outside):
        directory.mkdir()
        (directory / "a.csv").write_text("x\n1\n2\n")
    roots = ("--data-root", str(data), "--write-root", str(results))
    with Server(None, *roots, "--max-memory", "1GiB", "--max-total-memory", "3GB") as server:
        yield Place(server, data, results, outside)


@HELD
@in_loop
async def test_a_confined_session_reads_draws_and_writes(place: Place) -> None:
    assert f"; the kernel keeps clients below the roots (Landlock {ABI})" in place.server.output
    async with connect(place.server.url) as session:
        table = await session.open(place.data / "a.csv")
        assert (await table.update_pipeline()).number_of_rows == 2
        view = session.views.RenderView(ViewSize=[64, 48])
        sphere = session.sources.Sphere()
        session.show(sphere, view)
        image = await view.screenshot(format="rgb")
        assert image.pixels.shape == (48, 64, 3) and image.pixels.max() > image.pixels.min()
        assert await session.save_data(place.results / "ball.vtp", sphere) > 0
        assert (await (await session.open(place.results / "ball.vtp")).update_pipeline()).number_of_points == 50
        for path in (place.data / "ball.vtp", place.outside / "ball.vtp", place.results / ".." / "ball.vtp"):
            with pytest.raises(RemoteError, match=r"lets clients write files below .*results only"):
                await session.save_data(path, sphere)
        with pytest.raises(RemoteError, match=r"lets clients use files below .*data, .*results only"):
            await session.open(place.outside / "a.csv")
    assert sorted(one.name for one in place.outside.iterdir()) == ["a.csv"]


@HELD
@in_loop
async def test_a_confined_worker_finds_out_itself_how_to_render(tmp_path: Path) -> None:
    """Built in: nobody tells it."""
    with variables(APV_DATA_ROOT=str(tmp_path)):
        async with connect(backend="zmq") as session:
            view = session.views.RenderView(ViewSize=[16, 16], Background=[0, 0, 1])
            assert (await view.screenshot(format="rgb")).pixels[8, 8].tolist() == [0, 0, 255]


@LINUX
@in_loop
async def test_who_takes_too_much_is_told_and_others_do_not_notice(place: Place) -> None:
    async with connect(place.server.url) as hit, connect(place.server.url) as other:
        sphere = other.sources.Sphere()
        await sphere.update_pipeline()
        image = hit.create("vtkRTAnalyticSource", WholeExtent=[0, 999] * 3)
        with pytest.raises(RemoteError, match=r"4 GB or more, of 1 GiB of memory that each session may use"):
            await image.update_pipeline()
        image.WholeExtent = [0, 99] * 3
        assert (await image.update_pipeline()).number_of_points == 10**6, "the session has gone on"
        large = hit.create("vtkSphereSource", ThetaResolution=20000, PhiResolution=20000)
        lost = large.update_pipeline()
        sphere.Radius = 2.0
        bounds = (await sphere.update_pipeline()).bounds
        with pytest.raises(ServiceCrashed, match=r"ran out of the 1 GiB of memory that each session may use"):
            await lost
        assert bounds is not None and bounds[5] == 2.0
        sphere.Radius = 3.0
        bounds = (await sphere.update_pipeline()).bounds
        assert bounds is not None and bounds[5] == 3.0
        await hit.restart()
        assert (await hit.sources.Cone().update_pipeline()).number_of_cells == 7


async def again_and_again(source: SourceProxy) -> None:
    """Until it is seen that its data is there."""
    while True:
        await source.update_pipeline()
        source.OutValue = source.OutValue + 1.0


@LINUX
@in_loop
async def test_past_what_all_may_use_together_the_largest_is_ended() -> None:
    with Server(None, "--max-total-memory", "300MB") as server:
        async with connect(server.url) as large, connect(server.url) as small:
            cone = small.sources.Cone()
            await cone.update_pipeline()
            source = large.create("vtkImageEllipsoidSource", WholeExtent=[0, 649] * 3)  # 275 MB
            with pytest.raises(ServiceCrashed, match=r"all sessions together held .* of 300 MB \(--max-total-memory\)"):
                await again_and_again(source)
            assert (await cone.update_pipeline()).number_of_cells == 7
