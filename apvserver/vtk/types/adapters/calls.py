"""What VTK takes by calls and does not tell afterwards: lists that are added to, and values without a getter."""

from __future__ import annotations

import numbers
from collections.abc import Callable
from typing import Any, Final
from weakref import WeakKeyDictionary

from async_paraview.records import dataclass

from ...base.errors import InvalidProperty
from ..definitions import PropertyType

_MOST: Final = 1_000_000
_WORDS: Final[dict[str, str]] = {"int": "integers", "float": "numbers", "str": "texts", "bool": "True or False"}


@dataclass(frozen=True)
class Calls:
    """One property by the methods that set it.

    The value is a flat list, of which each call of `add` takes `each` entries, after its place if `counted`;
    `clear` forgets those of before, `count` says how many calls there will be. With `each` 0 it is one value, which a
    fresh instance has as `begins`.
    """

    name: str
    type: PropertyType
    add: str
    clear: str = ""
    each: int = 1
    counted: bool = False
    count: str = ""
    begins: Any = ()
    form: str = ""
    """How the signature of `add` begins, after "self, ", where several classes have methods of that name."""

    @property
    def needs(self) -> tuple[str, ...]:
        """The methods that a class has which has this property."""
        first = f"{self.add}(self, {self.form}" if self.form else self.add
        return tuple(one for one in (first, self.clear, self.count) if one)

    def check(self, label: str, value: Any) -> Any:
        """Return the value as it is kept. Raises `InvalidProperty`."""
        if self.each == 0:
            one = value[0] if isinstance(value, list | tuple) and len(value) == 1 else value
            return self._entry(label, one)
        if self.type != "str" and isinstance(value, int | float):
            value = (value,)
        if isinstance(value, str | bytes | dict) or not hasattr(value, "__iter__"):
            raise InvalidProperty(f"{label} expects a list, not {type(value).__name__} {value!r:.80}")
        items = list(value)
        if len(items) > _MOST:
            raise InvalidProperty(f"{label} takes at most {_MOST} entries, not {len(items)}")
        if len(items) % self.each:
            raise InvalidProperty(f"{label} expects {self.each} {_WORDS[self.type]} each, not {len(items)} in all")
        return tuple(self._entry(f"{label}[{index}]", item) for index, item in enumerate(items))

    def _entry(self, label: str, value: Any) -> Any:
        kind, right = _ENTRIES[self.type]
        if not right(value):
            raise InvalidProperty(f"{label} expects {_WORDS[self.type]}, not {type(value).__name__} {value!r:.80}")
        return kind(value)

    def write(self, instance: Any, value: Any) -> None:
        """Set what was checked; nothing happens if it is set already."""
        if self.read(instance) == value:
            return
        if self.each == 0:
            getattr(instance, self.add)(value)
        else:
            self._write_list(instance, value)
        _kept.setdefault(instance, {})[self.name] = value
        instance.Modified()

    def _write_list(self, instance: Any, value: tuple[Any, ...]) -> None:
        parts = [value[index : index + self.each] for index in range(0, len(value), self.each)]
        if self.clear:
            getattr(instance, self.clear)()
        if self.count:
            getattr(instance, self.count)(len(parts))
        for index, part in enumerate(parts):
            getattr(instance, self.add)(*([index] if self.counted else []), *part)

    def read(self, instance: Any) -> Any:
        """Return what was set last."""
        return _kept.get(instance, {}).get(self.name, self.begins)


def _is_number(value: Any) -> bool:
    return not isinstance(value, bool) and isinstance(value, numbers.Real) and value == value


_ENTRIES: Final[dict[str, tuple[Callable[[Any], Any], Callable[[Any], bool]]]] = {
    "str": (str, lambda one: isinstance(one, str) and "\0" not in one),
    "int": (int, lambda one: _is_number(one) and one == int(one) and abs(one) < 2**31),
    "float": (float, _is_number),
    "bool": (bool, lambda one: one in (0, 1)),
}
"""By type: what makes an entry of a value, and whether it can be one."""

_kept: WeakKeyDictionary[Any, dict[str, Any]] = WeakKeyDictionary()

_POINT: Final[dict[str, Any]] = {"each": 3, "counted": True}
CALLS: Final[tuple[Calls, ...]] = (
    Calls("TimeStepValues", "float", "AddTimeStepValue", "ClearTimeStepValues"),
    Calls("TimeStepIndices", "int", "AddTimeStepIndex", "ClearTimeStepIndices"),
    Calls("Harmonics", "float", "AddHarmonic", "ClearHarmonics", each=6),
    Calls("ExcludedArrays", "str", "AddExcludedArray", "ClearExcludedArrays"),
    Calls("DerivativeArrays", "str", "AddDerivativeArray", "ClearDerivativeArrays"),
    Calls("FieldDataArrays", "str", "AddFieldDataArray", "ClearFieldDataArrays"),
    Calls("VariablesOfInterest", "str", "AddVariable", "ClearVariables"),
    Calls("VolumeArrayNames", "str", "AddVolumeArrayName", "RemoveVolumeArrayNames"),
    Calls("DataSets", "int", "AddDataSet", "ClearDataSetList", each=2, form="level:int, idx:int"),
    Calls("Indices", "int", "AddIndex", "RemoveAllIndices", form="index:int"),
    Calls("Points", "float", "SetPoint", count="SetNumberOfPoints", form="id:int, x:float", **_POINT),
    Calls("Points", "float", "SetPoint", count="SetNumberOfPoints", form="index:int, x:float", **_POINT),
    Calls("SourcePoints", "float", "SetSourcePoint", form="index:int", **_POINT),
    Calls("TargetPoints", "float", "SetTargetPoint", form="index:int", **_POINT),
    *(
        Calls(f"{kind}ArrayNames", "str", f"Set{kind}ArrayName", f"Clear{kind}Mapping", each=2)
        for kind in ("Point", "Cell", "Field", "Vertex", "Edge", "Row")
    ),
    Calls("RefinementRatios", "float", "SetRefinementRatio", count="SetNumberOfRefinementRatios", counted=True),
    Calls("CompressorType", "int", "SetCompressorType", each=0, begins=1),
    Calls("BlockNames", "str", "SetInputName", "ClearInputNames", counted=True),
    Calls("IDs", "int", "AddIDOfProcess", "RemoveAllIDsOfProcesses", each=2),
    Calls("IDs", "int", "AddGlobalID", "RemoveAllGlobalIDs"),
    Calls("IDs", "int", "AddIDOfBlock", "RemoveAllIDsOfBlocks", each=3),
    Calls("IDs", "int", "AddIDOfLevel", "RemoveAllIDsOfLevels", each=3),
    Calls("Values", "int", "AddValueOfProcess", "RemoveAllValuesOfProcesses", each=2),
    Calls("Thresholds", "float", "AddInterval", "RemoveAllIntervals", each=2),
    Calls("Locations", "float", "AddPlace", "RemoveAllPlaces", each=3),
    Calls("Blocks", "int", "AddFlatIndex", "RemoveAllFlatIndices"),
    Calls("BlockSelectors", "str", "AddPath", "RemoveAllPaths"),
    Calls("Selectors", "str", "AddSelectorOfQuery", "RemoveAllSelectorsOfQuery"),
    Calls("SelectionNames", "str", "AddNameOfSelection", "RemoveAllNamesOfSelections"),
    Calls("MaxLevel", "int", "SetMaxLevel", "", each=0, begins=0, form="_arg:int"),
    Calls("Dimension", "int", "SetDimension", each=0, begins=3, form="_arg:int"),
    Calls("RootSpacing", "float", "SetRootSpacing", each=0, begins=0.5, form="h0:float"),
    Calls("RefinementRatio", "int", "SetRefinementRatio", each=0, begins=2, form="r:int"),
    *(Calls(f"{axis}PulseOrigin", "float", f"Set{axis}PulseOrigin", each=0, begins=0.0) for axis in "XYZ"),
    *(Calls(f"{axis}PulseWidth", "float", f"Set{axis}PulseWidth", each=0, begins=0.5) for axis in "XYZ"),
    Calls("CenterLon", "int", "SetCenterLon", each=0, begins=180, form="val:int"),
    Calls("ModeShape", "int", "SetModeShape", each=0, begins=1, form="val:int"),
    Calls("IdColumn", "bool", "SetAddIdColumn", each=0, begins=True),
    Calls("MetaData", "bool", "SetAddMetaData", each=0, begins=False),
    Calls("MinValue", "float", "SetMinValue", each=0, begins=0.0, form="v:vtkVariant"),
    Calls("MaxValue", "float", "SetMaxValue", each=0, begins=0.0, form="v:vtkVariant"),
    Calls("DefaultValue", "float", "SetDefault", each=0, begins=0.0, form="_arg:float"),
)
"""Of VTK 9.7, with what a fresh instance has as its constructors say."""
