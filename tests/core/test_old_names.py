"""What was written against the names of before runs on for one release, and is told the new ones."""

from __future__ import annotations

import asyncio
import importlib
import importlib.util
import re
import sys
import warnings
from collections.abc import Callable
from typing import ClassVar

import pytest

import async_paraview.datasets
import servermanager  # noqa: F401  # which says what of it was moved
import services_core
from async_paraview.information import DataInformation
from services_core import (
    Backend,
    Channel,
    ChannelReceiver,
    IncomingCall,
    Listener,
    Message,
    Packet,
    Service,
    ServicesEngine,
)
from services_core.client.no_channel import NoChannel
from services_core.conformance import CHECKS, PRIVATE, run_check
from services_core.old_names import OldModules
from services_zmq import ZmqBackend

from ..harness.apvtest import ROOT
from ..harness.time_limits import scaled


@pytest.mark.parametrize(
    ("old", "new"), [("ClientLink", "ServerConnection"), ("Incoming", "IncomingCall"), ("give", "share")]
)
def test_an_old_name_is_the_new_one_and_warns(old: str, new: str) -> None:
    with pytest.warns(DeprecationWarning, match=f"services_core.{old} is called services_core.{new} now") as warned:
        assert getattr(services_core, old) is getattr(services_core, new)
    assert [warning.filename for warning in warned] == [__file__]
    assert old not in services_core.__all__


@pytest.mark.parametrize(
    ("old", "name"),
    [
        ("services_core.subscription", "Subscription"),
        ("services_core.service", "Service"),
        ("servermanager.datasets", "encode"),
        ("servermanager.pipeline_builder", "PipelineBuilder"),
        ("servermanager.progress_observer", "ProgressObserver"),
        ("servermanager.state_file", "StateError"),
        ("servermanager.any_view", "ViewProxy"),
    ],
)
def test_a_module_that_was_moved_is_found_and_warns(old: str, name: str) -> None:
    sys.modules.pop(old, None)
    with pytest.warns(DeprecationWarning, match=rf"{old} is called [a-z_.]+ now") as warned:
        module = importlib.import_module(old)
    (new,) = re.findall(r"is called (\S+) now", str(warned[0].message))
    assert getattr(module, name) is getattr(importlib.import_module(new), name)


def test_who_imports_a_module_that_was_moved_is_told_where() -> None:
    sys.modules.pop("servermanager.datasets", None)
    with pytest.warns(DeprecationWarning, match="is called async_paraview.datasets now") as warned:
        from servermanager.datasets import encode  # type: ignore[import-not-found]
    assert [warning.filename for warning in warned] == [__file__]
    assert encode is async_paraview.datasets.encode


def test_every_module_that_was_moved_is_where_it_is_said_to_be() -> None:
    """The tables are right, and no module has come back under a name of before."""
    tables = [finder for finder in sys.meta_path if isinstance(finder, OldModules)]
    assert [finder.package for finder in tables] == ["services_core", "servermanager"]
    for finder in tables:
        for old, new in finder.moved.items():
            assert importlib.util.find_spec(new) is not None, new
            place = ROOT / old.replace(".", "/")
            assert place.name not in {one.stem for one in place.parent.iterdir()}, old


def test_a_module_that_never_was_is_still_none() -> None:
    with pytest.raises(ModuleNotFoundError, match="pipeline_bilder"):
        importlib.import_module("servermanager.pipeline_bilder")


def test_an_unknown_name_is_still_none() -> None:
    with pytest.raises(AttributeError, match="module 'services_core' has no attribute 'Incomming'"):
        getattr(services_core, "Incomming")  # noqa: B009  # a type checker would not let it pass


def test_an_engine_makes_links() -> None:
    with ServicesEngine("inproc") as engine:
        made: list[object] = []

        def accept(channel: Channel) -> None:
            with pytest.warns(DeprecationWarning, match=r"ServicesEngine\.link is called ServicesEngine\.receiver"):
                made.append(engine.link(channel))
            channel.start(made[0])  # type: ignore[arg-type]

        listener = engine.listen("thread://old-names", accept)

        class Echo(Service):
            def process(self, incoming: IncomingCall) -> Packet:
                return incoming.packet

        engine.add_service(Echo("echo"))
        assert engine.endpoint("echo", listener.url).send_request("x").result(scaled(10)).header == "x"
        assert isinstance(made[0], services_core.ServerConnection)


with warnings.catch_warnings(record=True) as _warned:
    warnings.simplefilter("always")

    class OldChannel(Channel):
        """Of a backend that was written when loops were lent to channels; it passes everything on."""

        lent: list[asyncio.AbstractEventLoop | None]

        def __init__(self, inner: Channel) -> None:
            self.inner = inner
            self.lent = []

        def start(self, receiver: ChannelReceiver) -> None:
            self.inner.start(receiver)

        def send(self, message: Message) -> None:
            self.inner.send(message)

        def flush(self, gather: int | None = None) -> None:
            self.inner.flush(gather)

        def lend(self, loop: asyncio.AbstractEventLoop | None) -> None:
            super().lend(loop)
            self.lent.append(loop)
            self.inner.lend(loop)

        def close(self) -> None:
            self.inner.close()


class OldBackend(ZmqBackend):
    """Its channels are old ones at the connecting end."""

    made: list[OldChannel]

    def connect(self, url: str) -> Channel:
        return OldChannel(super().connect(url))


def test_a_channel_of_before_is_told_of_the_new_names() -> None:
    (warning,) = _warned
    assert warning.category is DeprecationWarning
    assert "OldChannel.lend is called attach_loop, and for None detach_loop now" in str(warning.message)
    assert warning.filename == __file__


@pytest.mark.filterwarnings("ignore:.*lend is called:DeprecationWarning")
def test_a_channel_of_before_is_attached_by_its_old_method() -> None:
    class Inner(NoChannel):
        lent: ClassVar[list[asyncio.AbstractEventLoop | None]] = []

        def attach_loop(self, loop: asyncio.AbstractEventLoop) -> None:
            self.lent.append(loop)

        def detach_loop(self) -> None:
            self.lent.append(None)

    inner = Inner()
    old = OldChannel(inner)
    loop = asyncio.new_event_loop()
    loop.close()
    old.attach_loop(loop)
    old.detach_loop()
    assert old.lent == inner.lent == [loop, None]


@pytest.mark.filterwarnings("ignore:.*lend is called:DeprecationWarning")
@pytest.mark.parametrize("check", [check for check in CHECKS if "loop" in check.name], ids=lambda check: check.name)
def test_a_backend_of_before_keeps_its_promises(check: services_core.conformance.Check) -> None:
    outcome = run_check(check, OldBackend, PRIVATE)
    assert outcome.failure is None, outcome.failure


def test_a_wrapper_may_call_the_old_method_of_a_new_channel() -> None:
    backend: Backend = ZmqBackend()
    accepted: list[Channel] = []
    accept: Callable[[Channel], None] = accepted.append
    listener: Listener = backend.listen("inproc://old-names", accept)
    channel = backend.connect(listener.url)
    try:
        with pytest.warns(DeprecationWarning, match=r"Channel\.lend is called Channel\.attach_loop, or"):
            channel.lend(None)
    finally:
        backend.close()


def test_information_is_made_by_its_old_method() -> None:
    plain = {"type": "vtkTable", "points": 0, "cells": 0, "rows": 2, "bounds": None, "memory_kib": 1, "arrays": []}
    with pytest.warns(DeprecationWarning, match=r"DataInformation\.from_plain is called DataInformation\.from_dict"):
        information = DataInformation.from_plain({**plain, "time_steps": [0.5]})
    assert (information.number_of_rows, information.time_steps) == (2, (0.5,))
