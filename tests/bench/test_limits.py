"""What the report says about ratios that are not reached."""

from typing import Any

from bench.reporting.limits import limits_of_unmet, split_of_layers


def _row(**fields: Any) -> Any:
    row = {
        "scenario": "request",
        "backend": "zmq tcp",
        "median": 20.0,
        "floor": 5.0,
        "ratio": 4.0,
        "against": "zmq.asyncio",
    }
    return row | {"met": False, "target_text": "at least 6 x zmq.asyncio"} | fields


def test_an_unmet_ratio_is_set_beside_what_bare_threads_reach() -> None:
    bare = _row(backend="bare threads", median=50.0, met=None)
    text = limits_of_unmet([_row(), bare])
    assert text.startswith("- request, zmq tcp: at least 6 x zmq.asyncio is asked for, 4.00 x was reached;")
    assert text.endswith("reach 10.00 x.\n")


def test_ratios_that_are_met_or_have_no_floor_of_threads_need_no_words() -> None:
    bare = _row(backend="bare threads", median=50.0, met=None)
    assert limits_of_unmet([_row(met=True), bare]) == ""
    assert limits_of_unmet([_row()]) == ""
    assert limits_of_unmet([_row(against="queue"), bare]) == ""


def test_layers_are_told_apart_into_waking_and_own_code() -> None:
    layers = [{"mark": "client.packet", "us": 10.0}, {"mark": "server.deliver", "us": 30.0}]
    text = split_of_layers([{"backend": "zmq tcp", "total_us": 40.0, "layers": layers}])
    assert "zmq tcp: 30 us (75%) pass while" in text
    assert "10 us in our own code" in text
