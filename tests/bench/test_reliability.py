"""`python -m bench reliability`: what measurements yield, and what becomes of it."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from bench import reliability
from bench.cli import main
from bench.reliability import Absent, Figure, Measurement, at_least, at_most, measurements
from bench.reliability.running import document, run


def some_figures(quick: bool) -> Iterator[Figure]:
    yield Figure("lost", 0 if quick else 2, "requests", 5, at_most(0))
    yield Figure("went on", 4, "sessions", 5, at_least(5), "one was late")
    yield Figure("took", 1.25, "s")


def no_figures(_quick: bool) -> Iterator[Figure]:
    raise Absent("no network namespaces here")
    yield


def half_of_them(_quick: bool) -> Iterator[Figure]:
    yield Figure("first", 1)
    raise ValueError("the second cannot be measured")


MADE = [
    Measurement("outages", "Links go.", some_figures),
    Measurement("links", "Links of their own.", no_figures),
    Measurement("halves", "Ends early.", half_of_them),
]


def test_figures_are_judged_and_kept() -> None:
    told: list[str] = []
    found = run(MADE, quick=True, tell=told.append)
    plain = json.loads(json.dumps(document(found, MADE, quick=True, seconds=1.0)))
    assert [(row["measurement"], row["name"], row["value"], row["many"], row["met"]) for row in plain["figures"]] == [
        ("outages", "lost", 0, 5, True),
        ("outages", "went on", 4, 5, False),
        ("outages", "took", 1.25, 1, None),
        ("halves", "first", 1, 1, None),
    ]
    assert plain["figures"][1]["target"] == {"sense": "at least", "bound": 5}
    assert plain["absent"] == {"links": "no network namespaces here"}
    assert "the second cannot be measured" in plain["failed"]["halves"]
    assert [line.split()[-1] for line in told] == ["outages", "links", "halves"]


def test_the_command_tells_and_writes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(reliability, "measurements", lambda only: [one for one in MADE if only in one.name])
    file = tmp_path / "trust.json"
    assert main(["reliability", "--quick", "--only", "outages", "--json", str(file)]) == 0
    assert "1 of 2 targets met" in capsys.readouterr().out
    assert json.loads(file.read_text())["about"] == {"outages": "Links go."}
    assert main(["reliability"]) == 1
    assert "halves could not be measured" in capsys.readouterr().out


def test_measurements_have_names_of_their_own() -> None:
    names = [measurement.name for measurement in measurements()]
    assert len(names) == len(set(names))
