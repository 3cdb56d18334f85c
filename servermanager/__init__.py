"""The client's model of a server: sessions, proxies, views, streams. Local calls return at once; others are awaited."""

from services_core import (
    Closed,
    ConfigurationError,
    ConnectionFailed,
    ConnectionLost,
    DeadlineExceeded,
    RemoteError,
    RequestCancelled,
    ServiceCrashed,
    ServicesError,
    VersionMismatch,
)

from .animation import Frame
from .any_view import AnyViewProxy
from .charts import ChartRepresentationProxy, XYChartViewProxy
from .connection import connect
from .data_file import DataFile
from .datasets import DataSet
from .definitions import DefinitionManager, TypeSummary
from .domains import Domain
from .execution import Execution
from .file_system import FileEntry, FilePage, FileSystem
from .images import Image
from .information import ArrayInformation, DataInformation
from .picking import Picked, Selected
from .pipeline_builder import PipelineBuilder
from .pipeline_tree import PipelineNode
from .progress_observer import Activity, ProgressObserver
from .property_manager import PropertyManager, PropertyState
from .proxy import ObjectProxy, OutputPort, SourceProxy
from .proxy_manager import ActiveObjects, ProxyManager
from .representation import RepresentationProxy
from .session import Session
from .spreadsheet import Rows
from .state_check import StateError
from .streams import Message, ProgressStep
from .undo import UndoStack
from .views import RenderViewProxy

__all__ = [
    "ActiveObjects",
    "Activity",
    "AnyViewProxy",
    "ArrayInformation",
    "ChartRepresentationProxy",
    "Closed",
    "ConfigurationError",
    "ConnectionFailed",
    "ConnectionLost",
    "DataFile",
    "DataInformation",
    "DataSet",
    "DeadlineExceeded",
    "DefinitionManager",
    "Domain",
    "Execution",
    "FileEntry",
    "FilePage",
    "FileSystem",
    "Frame",
    "Image",
    "Message",
    "ObjectProxy",
    "OutputPort",
    "Picked",
    "PipelineBuilder",
    "PipelineNode",
    "ProgressObserver",
    "ProgressStep",
    "PropertyManager",
    "PropertyState",
    "ProxyManager",
    "RemoteError",
    "RenderViewProxy",
    "RepresentationProxy",
    "RequestCancelled",
    "Rows",
    "Selected",
    "ServiceCrashed",
    "ServicesError",
    "Session",
    "SourceProxy",
    "StateError",
    "TypeSummary",
    "UndoStack",
    "VersionMismatch",
    "XYChartViewProxy",
    "connect",
]
