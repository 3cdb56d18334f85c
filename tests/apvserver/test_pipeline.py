"""The table of proxies: creating, connecting, deleting, and the errors that name what is wrong."""

import pytest

from apvserver.vtk.base.errors import InvalidProperty, PipelineError, UnknownProxy, UnknownType
from apvserver.vtk.pipeline.proxies import Pipeline


@pytest.fixture
def diamond() -> Pipeline:
    """1 -> 2, 1 -> 3, and 4 takes both."""
    pipeline = Pipeline()
    pipeline.create(1, "SphereSource")
    pipeline.create(2, "ElevationFilter", inputs={"Input": [(1, 0)]})
    pipeline.create(3, "ShrinkPolyData", inputs={"Input": [(1, 0)]})
    pipeline.create(4, "AppendPolyData", inputs={"Input": [(2, 0), (3, 0)]})
    return pipeline


def test_upstream_order_puts_sources_first_and_each_once(diamond: Pipeline) -> None:
    assert diamond.upstream_order(4) == (1, 2, 3, 4)
    assert diamond.upstream_order(3) == (1, 3)


def test_a_long_chain_does_not_exhaust_the_stack() -> None:
    pipeline = Pipeline()
    pipeline.create(0, "SphereSource")
    for id in range(1, 3000):
        pipeline.create(id, "PassThrough")
        pipeline._proxies[id].inputs["Input"] = ((id - 1, 0),)  # connecting checks for cycles, which is quadratic
    assert pipeline.upstream_order(2999) == tuple(range(3000))


def test_dependents_are_the_direct_ones(diamond: Pipeline) -> None:
    assert diamond.dependents(1) == (2, 3)
    assert diamond.dependents(4) == ()


def test_delete_is_refused_while_something_depends_on_it(diamond: Pipeline) -> None:
    with pytest.raises(
        PipelineError, match=r"cannot delete vtkSphereSource \(proxy 1\): vtkElevationFilter \(proxy 2\)"
    ):
        diamond.delete(1)
    diamond.delete(4)
    assert diamond.ids() == (1, 2, 3)
    assert 4 not in diamond


def test_connect_replaces_the_connections_of_a_port(diamond: Pipeline) -> None:
    diamond.connect(4, {"Input": [(3, 0)]})
    assert diamond.algorithm(4).GetNumberOfInputConnections(0) == 1
    assert diamond.dependents(2) == ()
    diamond.connect(4, {"Input": []})
    diamond.algorithm(4).Update()
    assert diamond.algorithm(4).GetOutput().GetNumberOfPoints() == 0, "nothing is appended"


def test_the_same_connections_leave_an_algorithm_up_to_date(diamond: Pipeline) -> None:
    before = diamond.algorithm(4).GetMTime()
    diamond.connect(4, {"Input": [(2, 0), (3, 0)]})
    assert diamond.algorithm(4).GetMTime() == before


def test_a_cycle_is_refused_and_nothing_changes(diamond: Pipeline) -> None:
    with pytest.raises(PipelineError, match=r"would make a cycle"):
        diamond.connect(2, {"Input": [(4, 0)]})
    with pytest.raises(PipelineError, match=r"would make a cycle"):
        diamond.connect(2, {"Input": [(2, 0)]})
    assert diamond.upstream_order(2) == (1, 2)


@pytest.mark.parametrize(
    ("inputs", "message"),
    [
        ({"Inputs": [(1, 0)]}, r"vtkElevationFilter \(proxy 2\) has no input 'Inputs'; its inputs: Input"),
        ({"Input": [(1, 1)]}, r"vtkSphereSource \(proxy 1\) has no output port 1, it has 1, counted from 0"),
        ({"Input": [(1, 0), (3, 0)]}, r"takes one connection, not 2"),
        ({"Input": [1]}, r"expects \(proxy id, output port\), not 1"),
        ({"Input": [(77, 0)]}, r"no proxy has id 77"),
    ],
)
def test_wrong_connections_are_explained(diamond: Pipeline, inputs: dict, message: str) -> None:  # type: ignore[type-arg]
    with pytest.raises(PipelineError, match=message):
        diamond.connect(2, inputs)
    assert diamond.proxy(2).inputs == {"Input": ((1, 0),)}


def test_a_source_has_no_inputs(diamond: Pipeline) -> None:
    with pytest.raises(PipelineError, match="none, it is a source"):
        diamond.connect(1, {"Input": [(2, 0)]})


def test_a_proxy_that_cannot_be_made_leaves_no_trace(diamond: Pipeline) -> None:
    for type_name, properties, inputs, error in (
        ("NoSuchThing", {}, {}, UnknownType),
        ("SphereSource", {"Radius": "big"}, {}, InvalidProperty),
        ("ElevationFilter", {}, {"Input": [(9, 0)]}, UnknownProxy),
    ):
        with pytest.raises(error):
            diamond.create(5, type_name, properties, inputs)
    assert diamond.ids() == (1, 2, 3, 4)
    with pytest.raises(PipelineError, match=r"id 1 is taken by vtkSphereSource"):
        diamond.create(1, "ConeSource")


def test_an_unknown_id_lists_the_known_ones(diamond: Pipeline) -> None:
    with pytest.raises(UnknownProxy, match=r"no proxy has id 8; known ids: 1, 2, 3, 4"):
        diamond.modify(8, {})


def test_several_are_deleted_together_or_none() -> None:
    pipeline = Pipeline()
    pipeline.create(1, "vtkSphereSource", {}, {})
    for id_ in (2, 3):
        pipeline.create(id_, "vtkShrinkFilter", {}, {"Input": [(id_ - 1, 0)]})
    with pytest.raises(PipelineError, match="depend on it"):
        pipeline.delete(1, 2)
    with pytest.raises(PipelineError):
        pipeline.delete(3, 4)
    assert pipeline.ids() == (1, 2, 3)
    pipeline.delete(2, 3)
    assert pipeline.ids() == (1,)
    pipeline.delete(1)
