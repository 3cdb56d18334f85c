"""Errors reach the client that has to know: of requests, of messages, of connections that may not be."""

from __future__ import annotations

import threading
from typing import Final

from ...errors import ConfigurationError, Refused, RemoteError, ServicesError
from ...packet import Packet
from ...protocol.messages import PROTOCOL_VERSION, Kind, Message
from ..check import check
from ..expect import expect
from ..stage import Stage
from ..workbench import Workbench
from .cancelling import outcome


@check
def error_of_a_request(stage: Stage) -> None:
    """What a service raises arrives as RemoteError: its type, message, traceback and details."""
    service = Workbench(stage)
    endpoint = stage.endpoint(service)
    error = outcome(endpoint.send_request({"n": 3, "do": "fail"}), stage.wait_s)
    if not isinstance(error, RemoteError):
        expect(False, "RemoteError", error)
        return
    seen = (error.type_name, error.message, error.details)
    wanted = ("PlannedFailure", "failed on purpose at 3", {"proxy": 7, "where": "here"})
    expect(seen == wanted, str(wanted), seen)
    expect("in _fail" in error.remote_traceback, "the remote traceback", error.remote_traceback[-200:])
    expect(outcome(endpoint.send_request({"n": 4}), stage.wait_s) == {"n": 4}, "the connection to live on", "an error")


@check
def error_of_a_message(stage: Stage) -> None:
    """A one-way message that fails is reported to the fault callback."""
    service = Workbench(stage)
    endpoint = stage.endpoint(service)
    faults: list[ServicesError] = []
    told = threading.Event()

    def tell(error: ServicesError) -> None:
        faults.append(error)
        told.set()

    endpoint.add_fault_callback(tell)
    endpoint.send_message({"n": 3, "do": "fail"})
    stage.wait(told, "the fault callback called")
    expect(isinstance(faults[0], RemoteError) and "at 3" in str(faults[0]), "the RemoteError of message 3", faults)


@check
def unknown_service_is_refused(stage: Stage) -> None:
    """An endpoint of a service that is not there fails with Refused, which names those that are."""
    service = Workbench(stage)
    url = stage.serve(service)
    endpoint = stage.client().endpoint("no-such-service", url)
    refusal: object = None
    try:
        refusal = endpoint.connected().result(stage.wait_s)
    except ServicesError as raised:
        refusal = raised
    for error in (refusal, endpoint.error):
        expect(isinstance(error, Refused), "Refused", error)
        expect("workbench" in str(error) and "no-such-service" in str(error), "a text that names both", error)


@check
def other_version_is_refused(stage: Stage) -> None:
    """A HELLO of another major version gets a GOODBYE with the code "version" that names both versions."""
    service = Workbench(stage)
    url = stage.serve(service)
    backend = stage.client().backend
    ear = stage.recorder("a client of protocol 2.5")
    channel = backend.connect(url)
    channel.start(ear)
    hello = {"protocol": [2, 5], "software": "from the future", "service": service.name}
    channel.send(Message(Kind.HELLO, 0, 1 << 20, 0, Packet(hello)))
    channel.flush()
    goodbye = ear.wait_messages(1)[0]
    expect(goodbye.kind == Kind.GOODBYE and goodbye.packet is not None, "GOODBYE", goodbye)
    assert goodbye.packet is not None
    header = goodbye.packet.header
    expect(header["code"] == "version", "the code 'version'", header)
    here = ".".join(map(str, PROTOCOL_VERSION))
    named = "protocol 2.5" in header["message"] and f"protocol {here}" in header["message"]
    expect(named, f"protocols 2.5 and {here} named", header["message"])
    ear.wait_closed()


@check
def breach_of_protocol_is_cut(stage: Stage) -> None:
    """A client that breaks the protocol is told so in a GOODBYE and cut; other clients go on."""
    service = Workbench(stage)
    url = stage.serve(service)
    client = stage.client()
    good = client.endpoint(service.name, url)
    ear = stage.recorder("a client that speaks before its HELLO")
    channel = client.backend.connect(url)
    channel.start(ear)
    channel.send(Message(Kind.REQUEST, 1, 0, 0, Packet({"n": 1})))
    channel.flush()
    goodbye = ear.wait_messages(1)[0]
    assert goodbye.packet is not None
    code = goodbye.packet.header["code"]
    expect((goodbye.kind, code) == (Kind.GOODBYE, "protocol"), "GOODBYE with the code 'protocol'", (goodbye, code))
    ear.wait_closed()
    expect(outcome(good.send_request({"n": 2}), stage.wait_s) == {"n": 2}, "an answer for the other client", "none")


@check
def breaches_are_told_with_their_reason(stage: Stage) -> None:
    """Ids that repeat or are 0, a credit of 0, kinds that are not the client's: each is told in a GOODBYE, then cut."""
    service = Workbench(stage)
    url = stage.serve(service)
    backend = stage.client().backend
    hello = Packet({"protocol": list(PROTOCOL_VERSION), "software": "a rogue", "service": service.name})
    first = Message(Kind.REQUEST, 1, packet=Packet({"n": 1}))
    for breach, reason in _BREACHES:
        ear = stage.recorder("a client that breaks the protocol")
        channel = backend.connect(url)
        channel.start(ear)
        channel.send(Message(Kind.HELLO, 0, 1 << 20, 0, hello))
        channel.flush()
        ear.wait_messages(1)
        channel.send(first)
        channel.send(breach)
        channel.flush()
        ear.wait_closed()
        goodbye = ear.messages[-1]
        header: dict[str, str] = goodbye.packet.header if goodbye.packet is not None else {"code": ""}
        told = goodbye.kind == Kind.GOODBYE and header["code"] == "protocol" and reason in header["message"]
        expect(told, f"GOODBYE with the code 'protocol' and {reason!r}", (goodbye, header))


_BREACHES: Final = (
    (Message(Kind.REQUEST, 1, packet=Packet({"n": 2})), "came after the id 1"),
    (Message(Kind.SUBSCRIBE, 1, 1, packet=Packet({"n": 2, "do": "push"})), "came after the id 1"),
    (Message(Kind.REQUEST, 0, packet=Packet({"n": 2})), "ids begin at 1"),
    (Message(Kind.SUBSCRIBE, 2, 0, packet=Packet({"n": 2, "do": "push"})), "credit of 0"),
    (Message(Kind.CREDIT, 1, 0), "CREDIT of 0"),
    (Message(Kind.PING, 0), "ids begin at 1"),
    (Message(Kind.WINDOW, 0, 1 << 30), "at most"),
    (Message(Kind.REPLY, 1, packet=Packet({"n": 2})), "REPLY"),
)


@check
def malformed_url_of_an_endpoint(stage: Stage) -> None:
    """An endpoint of a malformed URL raises ConfigurationError at once."""
    engine = stage.engine()
    for url in ("nonsense", "no-such-scheme://x"):
        try:
            engine.endpoint("workbench", url)
        except ConfigurationError:
            continue
        expect(False, f"ConfigurationError for {url!r}", "an endpoint")
