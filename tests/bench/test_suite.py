"""The benchmarks as tests: tiny, without looking at times, so that they never rot."""

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bench.cli import main
from bench.figures import SCENARIOS as FIGURES
from bench.interactive import SCENARIOS as INTERACTIVE
from bench.peers import PEERS
from bench.plan import TINY
from bench.profiling.layers import measure_layers
from bench.reporting.compare import changes
from bench.reporting.results import load, rows, save
from bench.running.party import BACKEND
from bench.running.runner import Result, run_one
from bench.running.sample import Sample, percentile, summarize
from bench.scenario import Contender, Scenario, Stage
from bench.scenarios import SCENARIOS
from bench.scripts import SCENARIOS as SCRIPTS
from bench.targets import TARGETS
from bench.variants import variants
from services_core import known_backends

from ..harness.apvtest import ROOT


@pytest.fixture(scope="module")
def runner() -> Iterator[asyncio.Runner]:
    with asyncio.Runner() as found:
        yield found


def test_every_scenario_runs(runner: Any, subtests: pytest.Subtests) -> None:
    """Every backend and floor takes part, and is compared with a floor that took part; servers are started once."""
    stage = Stage(TINY)
    chosen = variants()
    try:
        for scenario in SCENARIOS:
            with subtests.test(scenario.name):
                check_result(runner.run(run_one(scenario, chosen, stage)))
    finally:
        runner.run(stage.close())


SOME_FILES = {f"open and show/{extension}" for extension in (".vtu", ".ex2")}
"""A format of VTK and one of others: the rest is measured by the same lines, and runs in the deep form."""
FILES = [one for one in INTERACTIVE if one.name.startswith("open and show/")]


@pytest.mark.parametrize(
    "chosen",
    [
        pytest.param([one for one in INTERACTIVE if one not in FILES], id="sessions"),
        pytest.param([one for one in FILES if one.name in SOME_FILES], id="files"),
        pytest.param([one for one in FILES if one.name not in SOME_FILES], id="other files", marks=pytest.mark.deep),
    ],
)
def test_every_interactive_scenario_runs(
    chosen: Any, runner: Any, subtests: pytest.Subtests, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every way to have a session takes part, and what is asked of it can be judged."""
    assert chosen
    monkeypatch.setenv("APV_ALLOW_PYTHON", "1")
    stage = Stage(TINY)
    try:
        for scenario in chosen:
            with subtests.test(scenario.name):
                check_result(runner.run(run_one(scenario, variants(), stage)))
    finally:
        runner.run(stage.close())


def check_result(result: Result) -> None:
    assert not result.absent, result.absent
    labels = {row["backend"] for row in result.rows}
    for row in result.rows:
        assert row["median"] > 0 and row["low"] <= row["median"] <= row["high"]
        if row["target"] is not None and row["against"] in (None, *labels):
            assert row["met"] in (True, False)
        if row["against"] in labels:
            assert row["ratio"] > 0
    json.dumps(result.rows)


@pytest.mark.parametrize("peer", PEERS, ids=lambda peer: peer.label)
def test_peer_runs(peer: Any, runner: Any) -> None:
    if reason := peer.missing():
        pytest.skip(reason)

    async def try_it() -> None:
        party = peer()
        await party.open()
        try:
            for in_flight in (1, 4):
                assert (await party.requests(bytes(100), in_flight, TINY.seconds)).each_s
            assert (await party.receive(100_000, TINY.seconds)).each_s
            await party.first_reply()
        finally:
            await party.close()

    runner.run(try_it())


def test_every_known_backend_takes_part() -> None:
    assert {variant.backend for variant in variants()} >= set(known_backends())


def test_a_third_backend_takes_part_by_its_class(monkeypatch: pytest.MonkeyPatch) -> None:
    """Named by option or by the environment variable, it is measured as the built-in ones are."""
    name = "services_inproc:InprocBackend"
    assert [variant.label for variant in variants([name])] == [name]
    monkeypatch.setenv("APV_COMMUNICATION_BACKEND", name)
    assert name in [variant.backend for variant in variants()]


def test_targets_name_what_exists() -> None:
    """A target that no scenario or contender answers to would be missed without a word."""
    chosen = variants()
    full = TINY.__class__(**{**{name: getattr(TINY, name) for name in TINY.__slots__}, "peers": True})
    all_ = [*SCENARIOS, *INTERACTIVE, *SCRIPTS, *FIGURES]
    by_name = {scenario.name: scenario.contenders(chosen, full) for scenario in all_}
    for target in TARGETS:
        labels = {contender.label for contender in by_name[target.scenario]}
        assert target.backend in {"*", *labels}, target
        assert target.against in {None, "*", *labels}, target


def test_layers_add_up(runner: Any) -> None:
    """The marks of both sides are in order, so that the layers are all of a request's time."""
    for one in runner.run(measure_layers([variant for variant in variants() if variant.main], TINY)):
        assert sum(layer["us"] for layer in one["layers"]) == pytest.approx(one["total_us"])
        assert len(one["layers"]) >= 10
        assert all(layer["us"] >= 0 for layer in one["layers"])


def test_a_summary_pools_the_tail() -> None:
    summary = summarize([Sample(1.0, [1e-3] * 99), Sample(3.0, [5e-3]), Sample(2.0, [])], "ms")
    assert (summary.median, summary.low, summary.high, summary.operations) == (2.0, 1.0, 3.0, 100)
    assert summary.p99 == pytest.approx(1.0)
    assert percentile([1.0, 2.0, 3.0], 100) == 3.0


async def unmade(stage: Stage) -> Any:
    """What no row is made of, because nothing is measured."""
    raise AssertionError(stage)


def test_rows_judge_targets() -> None:
    """A row per target, each with its own ratio; null where none is set."""
    scenario = next(one for one in SCENARIOS if one.name == "request/1 in flight/100 B")
    contenders = [
        Contender("zmq tcp", BACKEND, unmade, floor="pyzmq"),
        Contender("pyzmq", "floor", unmade),
        Contender("zmq.asyncio", "floor", unmade),
    ]
    summaries = {
        label: summarize([Sample(value)], "us")
        for label, value in {"zmq tcp": 200.0, "pyzmq": 125.0, "zmq.asyncio": 150.0}.items()
    }
    found = {(row["backend"], row["against"]): row for row in rows(scenario, contenders, summaries)}
    assert found["zmq tcp", "pyzmq"]["ratio"] == 1.6 and found["zmq tcp", "pyzmq"]["met"] is True
    assert found["zmq tcp", "zmq.asyncio"]["met"] is False
    assert found["pyzmq", None]["target"] is None and found["pyzmq", None]["met"] is None


def test_compare_shows_what_left_the_spread() -> None:
    def document(low: float, median: float, high: float) -> dict[str, object]:
        row = {"scenario": "s", "backend": "b", "unit": "us", "lower_is_better": True}
        return {"scenarios": [{**row, "low": low, "median": median, "high": high}]}

    assert changes(document(9, 10, 11), document(8, 12, 13)) == []
    (change,) = changes(document(9, 10, 11), document(19, 20, 21))
    assert change.factor == 2.0 and not change.better


def test_the_command_line_writes_what_it_measured(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The documented fields, a table, exit code 0, and a report made of it."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("bench.commands.QUICK", TINY)
    path = tmp_path / "t.json"
    arguments = ["transport", "--quick", "--no-peers", "--backend", "inproc", "--only", "1 in flight"]
    assert main([*arguments, "--json", str(path)]) == 0
    document = load(path)
    assert {"machine", "commit", "scenarios"} <= document.keys()
    wanted = {"scenario", "backend", "unit", "median", "p99", "floor", "ratio", "target", "met"}
    assert document["scenarios"] and all(wanted <= row.keys() for row in document["scenarios"])
    save(document, tmp_path / "other.json")
    assert main(["compare", str(path), "other.json"]) == 0
    assert "0 changes" in capsys.readouterr().out


@pytest.mark.parametrize("command", ["transport", "interactivity", "scripts", "compare", "report", "profile"])
def test_help_names_every_command(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    for arguments, words in (([], command), ([command], f"usage: python -m bench {command}")):
        with pytest.raises(SystemExit) as ended:
            main([*arguments, "--help"])
        assert ended.value.code == 0 and words in capsys.readouterr().out


def test_without_its_packages_the_command_says_which_group_has_them(tmp_path: Path) -> None:
    (tmp_path / "psutil.py").write_text("raise ModuleNotFoundError('no module named psutil', name='psutil')")
    asked = subprocess.run(
        [sys.executable, "-m", "bench", "--help"],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert asked.returncode == 2 and asked.stdout == ""
    assert asked.stderr == "python -m bench needs psutil: install the group bench (pip install --group bench)\n"


def test_a_backend_that_is_not_there_is_told_in_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("nobody", "nobody:Backend", "services_core:Service"):
        assert main(["transport", "--quick", "--backend", name]) == 2
        told = capsys.readouterr().err
        assert told.startswith("python -m bench: ") and name in told and len(told.splitlines()) == 1


def test_a_backend_that_fails_is_told(runner: Any) -> None:
    """A contender that cannot be measured does not stop the others, and is not passed over in silence."""

    async def prepare(_stage: Stage) -> Any:
        raise RuntimeError("no such thing")

    scenario = Scenario("s", "s", "us", "us", "", lambda variants, plan: [Contender("broken", BACKEND, prepare)])
    (absent,) = runner.run(run_one(scenario, [], Stage(TINY))).absent
    assert absent.failed and "no such thing" in absent.reason
