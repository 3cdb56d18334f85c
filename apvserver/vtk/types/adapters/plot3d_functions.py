"""The functions of PLOT3D that are computed from the solution, by their numbers; VTK's reader does not tell which."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final
from weakref import WeakKeyDictionary

from ...base.errors import InvalidProperty

FUNCTIONS: Final = {
    100: "Density", 110: "Pressure", 111: "PressureCoefficient", 112: "MachNumber", 113: "SoundSpeed",
    120: "Temperature", 130: "Enthalpy", 140: "InternalEnergy", 144: "KineticEnergy", 153: "VelocityMagnitude",
    163: "StagnationEnergy", 170: "Entropy", 184: "Swirl", 200: "Velocity", 201: "Vorticity", 202: "Momentum",
    210: "PressureGradient", 211: "VorticityMagnitude", 212: "StrainRate",
}  # fmt: skip
_chosen: WeakKeyDictionary[Any, tuple[int, ...]] = WeakKeyDictionary()


def check_functions(name: str, value: Any) -> tuple[int, ...]:
    """Return the numbers of functions. Raises `InvalidProperty`."""
    if isinstance(value, str | bytes | dict) or not isinstance(value, Iterable):
        raise InvalidProperty(f"{name} expects a list of numbers of functions, not {value!r:.80}")
    numbers = tuple(value)
    for number in numbers:
        if isinstance(number, bool) or number not in FUNCTIONS:
            known = ", ".join(f"{key} {title}" for key, title in FUNCTIONS.items())
            raise InvalidProperty(f"{name}: there is no function {number!r:.40}; there are: {known}")
    return tuple(map(int, numbers))


def write_functions(reader: Any, numbers: tuple[int, ...]) -> None:
    """Have these computed, and no others."""
    if read_functions(reader) == numbers:
        return
    _chosen[reader] = numbers
    reader.RemoveAllFunctions()
    for number in numbers:
        reader.AddFunction(number)
    reader.Modified()


def read_functions(reader: Any) -> tuple[int, ...]:
    """Return the functions computed besides density, momentum and stagnation energy, which the solution holds."""
    return _chosen.get(reader, ())
