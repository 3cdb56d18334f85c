"""Variables of the environment: docs/environment.md has all of them, and they are obeyed or refused."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from apvserver.settings import SETTINGS
from services_core import ConfigurationError, ServicesEngine

ROOT = Path(__file__).parents[2]
PROGRAMS = (
    "services_core", "services_inproc", "services_zmq", "async_paraview", "servermanager", "apvserver", "apvpython",
    "bench",
)  # fmt: skip
NAME = re.compile(r"\bAPV_[A-Z]+(?:_[A-Z]+)*\b")
TABLE = re.compile(rf"^\| `({NAME.pattern})` \|.*$", re.MULTILINE)


def named_in(*folders: str) -> set[str]:
    """The variables that the sources below these folders name."""
    files = [file for folder in folders for file in (ROOT / folder).rglob("*.py")]
    return {name for file in files for name in NAME.findall(file.read_text(encoding="utf-8"))}


def documented() -> tuple[dict[str, str], dict[str, str]]:
    """The lines of the two tables, of programs and of tests, by variable."""
    page = (ROOT / "docs" / "environment.md").read_text(encoding="utf-8")
    programs, tests = page.split("Of the tests:")
    first, second = ({found[1]: found[0] for found in TABLE.finditer(part)} for part in (programs, tests))
    return first, second


def test_the_page_has_every_variable_and_no_other() -> None:
    programs, tests = documented()
    assert set(programs) == named_in(*PROGRAMS)
    assert set(tests) == named_in("tests") - set(programs)


def test_options_stand_beside_their_variables() -> None:
    programs, _ = documented()
    for setting in SETTINGS:
        assert setting.option in programs[setting.variable].rpartition(" | ")[2], setting


@pytest.mark.parametrize(("text", "scheme"), [("", "ipc"), ("0", "ipc"), ("1", "tcp")])
def test_sockets_of_the_file_system_can_be_ruled_out(text: str, scheme: str, monkeypatch: pytest.MonkeyPatch) -> None:
    zmq = pytest.importorskip("zmq")
    monkeypatch.setenv("APV_ZMQ_NO_IPC", text)
    with ServicesEngine("zmq") as engine:
        url = engine.backend.private_url(other_processes=True)
    assert url.startswith(f"{scheme}://" if zmq.has("ipc") else "tcp://")


def test_a_wrong_value_for_zmq_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("APV_ZMQ_NO_IPC", "yes")
    with pytest.raises(ConfigurationError, match=r"^APV_ZMQ_NO_IPC is 'yes': 1 \(yes\) or 0 \(no\) is needed$"):
        ServicesEngine("zmq")
