"""The client's model of a server: sessions, proxies, views, streams. Local calls return at once; others are awaited."""

from typing import TYPE_CHECKING

from async_paraview.datasets import DataSet
from async_paraview.domains import Domain
from async_paraview.information import ArrayInformation, DataInformation
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
from services_core.old_names import old_modules, old_names

from .connection import connect
from .model.definitions import DefinitionManager, TypeSummary
from .model.execution import Execution
from .model.pipeline_tree import PipelineNode
from .model.proxy import ObjectProxy, OutputPort, SourceProxy
from .model.proxy_manager import ActiveObjects, ProxyManager
from .model.undo import UndoStack
from .selecting.selections import SelectionManager
from .session import Session
from .states.paraview.color_map_files import ColorMapFileError, ColorPreset, read_color_maps, write_color_maps
from .states.paraview.report import LoadedState, NotUnderstood, StateWarning
from .states.state_check import StateError
from .streams import Message, ProgressStep
from .ui.data_file import DataFile
from .ui.file_system import FileEntry, FilePage, FileSystem
from .ui.pipeline_builder import PipelineBuilder
from .ui.progress_observer import Activity, ProgressObserver
from .ui.property_manager import PropertyManager, PropertyState
from .views.animation import Frame
from .views.chart_view import ChartRepresentationProxy, XYChartViewProxy
from .views.images import Image
from .views.parts.light import LightProxy
from .views.picking import PickResult, Selection
from .views.render_view import RenderViewProxy
from .views.representation import RepresentationProxy
from .views.spreadsheet import Rows
from .views.text import TextProxy
from .views.view_proxy import ViewProxy

__all__ = [
    "ActiveObjects",
    "Activity",
    "ArrayInformation",
    "ChartRepresentationProxy",
    "Closed",
    "ColorMapFileError",
    "ColorPreset",
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
    "LightProxy",
    "LoadedState",
    "Message",
    "NotUnderstood",
    "ObjectProxy",
    "OutputPort",
    "PickResult",
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
    "Selection",
    "SelectionManager",
    "ServiceCrashed",
    "ServicesError",
    "Session",
    "SourceProxy",
    "StateError",
    "StateWarning",
    "TextProxy",
    "TypeSummary",
    "UndoStack",
    "VersionMismatch",
    "ViewProxy",
    "XYChartViewProxy",
    "connect",
    "read_color_maps",
    "write_color_maps",
]

if not TYPE_CHECKING:  # a type checker is to refuse them, with all other names that are not there
    __getattr__ = old_names(
        __name__,
        {"AnyViewProxy": "ViewProxy", "Picked": "PickResult", "Selected": "Selection"},
    )
    old_modules(
        __name__,
        {
            "animation": "servermanager.views.animation",
            "any_view": "servermanager.views.view_proxy",
            "charts": "servermanager.views.chart_view",
            "data_file": "servermanager.ui.data_file",
            "datasets": "async_paraview.datasets",
            "definitions": "servermanager.model.definitions",
            "domains": "async_paraview.domains",
            "execution": "servermanager.model.execution",
            "file_system": "servermanager.ui.file_system",
            "images": "servermanager.views.images",
            "information": "async_paraview.information",
            "picking": "servermanager.views.picking",
            "pipeline_builder": "servermanager.ui.pipeline_builder",
            "plain": "services_core.payload",
            "progress_observer": "servermanager.ui.progress_observer",
            "property_manager": "servermanager.ui.property_manager",
            "proxy": "servermanager.model.proxy",
            "proxy_manager": "servermanager.model.proxy_manager",
            "representation": "servermanager.views.representation",
            "spreadsheet": "servermanager.views.spreadsheet",
            "state_file": "servermanager.states.state_file",
            "temporal": "servermanager.model.temporal",
            "undo": "servermanager.model.undo",
            "values": "async_paraview.values",
            "video": "servermanager.views.video",
        },
    )
