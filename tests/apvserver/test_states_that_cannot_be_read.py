"""An update with a state that is none: it is refused by itself, and remembered where it says of which proxy."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from apvserver.data.model import DataModel
from async_paraview.operations import MissingField

from ..harness.quiet_sink import QuietSink


@pytest.fixture
def model() -> Iterator[DataModel]:
    made = DataModel(QuietSink())
    yield made
    made.close()


def execute(model: DataModel, id_: int) -> int:
    assert model.execute(id_, 0, cancelled=lambda: None)
    return int(model.information(id_, 0)["cells"])


def test_the_other_states_of_the_update_are_taken(model: DataModel) -> None:
    with pytest.raises(MissingField, match=r"^a proxy of an update needs a field 'id' of type int, got none"):
        model.update([{"type": "Cone"}, {"id": 2, "type": "Cone"}])
    assert execute(model, 2) == 7


def test_a_proxy_whose_state_cannot_be_read_is_refused_until_one_can(model: DataModel) -> None:
    for wrong in ({"inputs": 5}, {"inputs": {"Input": [3]}}, {"objects": {"A": "x"}}, {"unset": "Radius"}, {}):
        with pytest.raises(MissingField):
            model.update([{"id": 3, **wrong}])
        with pytest.raises(MissingField):
            model.execute(3, 0, cancelled=lambda: None)
    model.update([{"id": 3, "type": "Cone"}])
    assert execute(model, 3) == 7
    with pytest.raises(MissingField, match="'properties' of type map, got 7"):
        model.update([{"id": 3, "properties": 7}])
    with pytest.raises(MissingField, match="'properties' of type map, got 7"):
        model.execute(3, 0, cancelled=lambda: None)
    model.update([{"id": 3, "properties": {"Resolution": 4}}])
    assert execute(model, 3) == 5
