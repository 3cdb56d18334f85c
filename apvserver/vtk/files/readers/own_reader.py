"""The root of readers of our own: algorithms that read one file where VTK's reader is wrong, or where it has none."""

from __future__ import annotations

import logging
import os
from collections.abc import Sequence
from typing import Any, ClassVar, Final

from vtkmodules.util.vtkAlgorithm import VTKPythonAlgorithmBase
from vtkmodules.vtkCommonCore import vtkOutputWindow
from vtkmodules.vtkCommonDataModel import vtkDataObject, vtkDataObjectTypes
from vtkmodules.vtkCommonExecutionModel import vtkStreamingDemandDrivenPipeline

from ...base.data_roots import allowed_path
from ...base.errors import FileError, VtkError
from ...types.own_properties import OwnProperties, text
from ..file_states import FileStates, states_of
from ..references import check_references

_log = logging.getLogger(__name__)
_PIPELINE: Final = vtkStreamingDemandDrivenPipeline


class OwnReader(OwnProperties, VTKPythonAlgorithmBase):
    """OwnReader - The root of readers of our own."""

    PROPERTIES: ClassVar = (text("FileName", doc="The file, on the server.", path=True),)
    OUTPUTS: ClassVar[tuple[str, ...]] = ("vtkUnstructuredGrid",)
    """The kind of data of each output port."""

    def __init__(self) -> None:
        VTKPythonAlgorithmBase.__init__(self, nInputPorts=0, nOutputPorts=len(self.OUTPUTS), outputType=self.OUTPUTS[0])
        self._kept: tuple[FileStates, Any] | None = None

    # --- what a reader of a format says

    def kinds(self, path: str) -> tuple[str, ...]:
        """Return the kind of data of each output port, where that depends on the file. Raises `FileError`."""
        return self.OUTPUTS

    def times(self, path: str) -> Sequence[float]:
        """Return the times that the file has data of, in their order; none without time. Raises `FileError`."""
        return ()

    def read(self, path: str, time: float | None) -> tuple[Any, ...]:
        """Return the data of each output port, at the last of `times` that is not after `time`. Raises `FileError`."""
        raise FileError(f"{path}: {type(self).__name__} reads nothing")

    def companions(self, path: str) -> tuple[str, ...]:
        """Return other files that the data is made of."""
        return ()

    def files_looked_at(self) -> tuple[str, ...]:
        """Return the files that the output depends on; see `file_states`."""
        name = self._name
        return (name, *self.companions(name)) if name else ()

    # --- the pipeline

    def FillOutputPortInformation(self, port: int, info: Any) -> int:
        """Give each port its kind of data; it may be another kind once the file is known."""
        info.Set(vtkDataObject.DATA_TYPE_NAME(), self.OUTPUTS[port])
        return 1

    def RequestDataObject(self, request: Any, inInfo: Any, outInfo: Any) -> int:
        """Make the outputs that the file needs."""
        return self._told(lambda: self._make_outputs(outInfo))

    def RequestInformation(self, request: Any, inInfo: Any, outInfo: Any) -> int:
        """Announce the times."""
        return self._told(lambda: self._announce(outInfo))

    def RequestData(self, request: Any, inInfo: Any, outInfo: Any) -> int:
        """Read."""
        return self._told(lambda: self._fill(outInfo))

    # --- inside

    @property
    def _name(self) -> str:
        return self.value_of("FileName") or ""

    def warn(self, text: str) -> None:
        """Tell the user what the output lacks, or how it was taken."""
        vtkOutputWindow.GetInstance().DisplayWarningText(f"{type(self).__name__}: {text}")

    def kept(self, path: str, read: Any) -> Any:
        """Return what `read(path)` gives, remembered as long as the files are the same."""
        states = states_of(self.files_looked_at())
        if self._kept is None or self._kept[0] != states:
            self._kept = states, read(path)
        return self._kept[1]

    def _told(self, work: Any) -> int:
        """Do the work; what is wrong becomes an error of the algorithm."""
        try:
            if not self._name:
                raise FileError("FileName is empty: it names the file to read")
            check_references(self._name, type(self).__name__)
            for companion in filter(os.path.exists, self.companions(self._name)):
                allowed_path(companion)
            work()
        except VtkError as error:
            return self._fail(str(error))
        except MemoryError:
            return self._fail(f"{self._name}: there is not enough memory for what this file holds")
        except OSError as error:
            return self._fail(f"{self._name}: cannot be read: {error}")
        except Exception as error:  # a file that is damaged where nobody has looked: VTK would only say "failure"
            _log.warning("%s cannot read %s", type(self).__name__, self._name, exc_info=True)
            return self._fail(f"{self._name}: cannot be read, is it damaged? {type(error).__name__}: {error}")
        return 1

    def _fail(self, text: str) -> int:
        vtkOutputWindow.GetInstance().DisplayErrorText(f"{type(self).__name__}: {text}")
        return 0

    def _make_outputs(self, vector: Any) -> None:
        for port, kind in enumerate(self.kinds(self._name)):
            information = vector.GetInformationObject(port)
            held = information.Get(vtkDataObject.DATA_OBJECT())
            if held is None or held.GetClassName() != kind:
                information.Set(vtkDataObject.DATA_OBJECT(), vtkDataObjectTypes.NewDataObject(kind))

    def _announce(self, vector: Any) -> None:
        times = list(self.times(self._name))
        for port in range(len(self.OUTPUTS)):
            information = vector.GetInformationObject(port)
            information.Remove(_PIPELINE.TIME_STEPS())
            information.Remove(_PIPELINE.TIME_RANGE())
            if times:
                information.Set(_PIPELINE.TIME_STEPS(), times, len(times))
                information.Set(_PIPELINE.TIME_RANGE(), (times[0], times[-1]), 2)

    def _fill(self, vector: Any) -> None:
        key = _PIPELINE.UPDATE_TIME_STEP()
        asked = [vector.GetInformationObject(port) for port in range(len(self.OUTPUTS))]
        wanted = next((one.Get(key) for one in asked if one.Has(key)), None)
        times = list(self.times(self._name))
        time = at_or_before(times, wanted) if times else None
        for information, made in zip(asked, self.read(self._name, time), strict=True):
            output = information.Get(vtkDataObject.DATA_OBJECT())
            output.ShallowCopy(made)
            if time is not None:
                output.GetInformation().Set(output.DATA_TIME_STEP(), time)


def at_or_before(times: Sequence[float], wanted: float | None) -> float:
    """Return the last of some times that is not after the wanted one; the first if there is none."""
    return max((one for one in times if wanted is not None and one <= wanted), default=times[0])
