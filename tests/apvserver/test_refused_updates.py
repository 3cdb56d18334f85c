"""What was refused of a proxy is asked for again with the next change, and no more is kept than its type has names."""

from __future__ import annotations

from apvserver.data.refused_updates import with_refused
from async_paraview.operations.data import ProxyState

KNOWN = frozenset({"Radius", "Center", "Input"})


def test_what_the_next_update_does_not_name_is_asked_for_again() -> None:
    refused = ProxyState(
        id=1, type="Sphere", properties={"Radius": -1, "Center": [1, 2, 3]}, inputs={"Input": ((7, 0),)}
    )
    merged = with_refused(refused, ProxyState(id=1, properties={"Radius": 2}), KNOWN)
    assert merged == ProxyState(
        id=1, type="Sphere", properties={"Center": [1, 2, 3], "Radius": 2}, inputs={"Input": ((7, 0),)}
    )
    assert with_refused(refused, ProxyState(id=1, unset=("Radius",)), KNOWN).properties == {"Center": [1, 2, 3]}


def test_names_that_the_type_does_not_have_are_not_kept() -> None:
    kept = ProxyState(id=1, type="Sphere")
    for number in range(1000):
        refused = ProxyState(id=1, properties={f"p{number}": 1}, unset=(f"u{number}", "Center"))
        kept = with_refused(kept, refused, KNOWN)
    kept = with_refused(kept, ProxyState(id=1, properties={"Radius": 1}), KNOWN)
    assert (kept.properties, kept.unset) == ({"Radius": 1}, ("Center",))


def test_of_a_type_that_there_is_not_nothing_is_kept() -> None:
    refused = ProxyState(id=1, type="Sfere", properties={"Radius": 1}, unset=("Center",))
    assert with_refused(refused, ProxyState(id=1, type="Sphere"), frozenset()) == ProxyState(id=1, type="Sphere")
