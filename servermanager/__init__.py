"""The client's model of a server: sessions, proxies, views, streams. Local calls return at once; others are awaited."""

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

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
from .states.paraview.report import LoadedState, NotUnderstood, StateWarning
from .states.state_check import StateError
from .streams import Message, ProgressStep
from .ui.file_system import FileEntry, FilePage, FileSystem
from .views.animation import Frame
from .views.chart_view import ChartRepresentationProxy, XYChartViewProxy
from .views.images import Image, PictureWarning
from .views.parts.composition import Composition, PlacedItem
from .views.parts.light import LightProxy
from .views.picking import PickResult, Selection
from .views.render_view import RenderViewProxy
from .views.representation import RepresentationProxy
from .views.spreadsheet import Rows
from .views.text import TextProxy
from .views.view_proxy import ViewProxy
from .views.widgets.widget import WidgetProxy

if TYPE_CHECKING:
    from .states.paraview.color_map_files import ColorMapFileError, ColorPreset, read_color_maps, write_color_maps
    from .ui.chart_interaction import ChartInteraction, interaction_with
    from .ui.data_file import DataFile
    from .ui.editors.color_editor import ColorEditor
    from .ui.editors.information_model import InformationModel
    from .ui.editors.selection_model import SelectionModel
    from .ui.editors.spreadsheet_model import SpreadsheetModel
    from .ui.editors.time_control import TimeControl
    from .ui.feeding.statistics import FeedStatistics
    from .ui.interaction import ViewInteraction
    from .ui.panels.panel import Panel
    from .ui.panels.panel_line import EDITORS, Choice, PanelLine
    from .ui.pictures import FeedState, PictureFeed
    from .ui.pipeline_builder import PipelineBuilder
    from .ui.pointing.events import InputEvent, Surface
    from .ui.progress_observer import Activity, ProgressObserver
    from .ui.property_manager import PropertyManager, PropertyState
    from .ui.workspace.actions import Action
    from .ui.workspace.browser import BrowserRow, PipelineBrowser
    from .ui.workspace.catalog import Catalog, CatalogEntry
    from .ui.workspace.file_browser import FileBrowser
    from .ui.workspace.message_log import LogEntry, MessageLog
    from .ui.workspace.workspace import Workspace

__all__ = [
    "EDITORS",
    "Action",
    "ActiveObjects",
    "Activity",
    "ArrayInformation",
    "BrowserRow",
    "Catalog",
    "CatalogEntry",
    "ChartInteraction",
    "ChartRepresentationProxy",
    "Choice",
    "Closed",
    "ColorEditor",
    "ColorMapFileError",
    "ColorPreset",
    "Composition",
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
    "FeedState",
    "FeedStatistics",
    "FileBrowser",
    "FileEntry",
    "FilePage",
    "FileSystem",
    "Frame",
    "Image",
    "InformationModel",
    "InputEvent",
    "LightProxy",
    "LoadedState",
    "LogEntry",
    "Message",
    "MessageLog",
    "NotUnderstood",
    "ObjectProxy",
    "OutputPort",
    "Panel",
    "PanelLine",
    "PickResult",
    "PictureFeed",
    "PictureWarning",
    "PipelineBrowser",
    "PipelineBuilder",
    "PipelineNode",
    "PlacedItem",
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
    "SelectionModel",
    "ServiceCrashed",
    "ServicesError",
    "Session",
    "SourceProxy",
    "SpreadsheetModel",
    "StateError",
    "StateWarning",
    "Surface",
    "TextProxy",
    "TimeControl",
    "TypeSummary",
    "UndoStack",
    "VersionMismatch",
    "ViewInteraction",
    "ViewProxy",
    "WidgetProxy",
    "Workspace",
    "XYChartViewProxy",
    "connect",
    "interaction_with",
    "read_color_maps",
    "write_color_maps",
]

_LATE: Final = {
    "states.paraview.color_map_files": ("ColorMapFileError", "ColorPreset", "read_color_maps", "write_color_maps"),
    "ui.chart_interaction": ("ChartInteraction", "interaction_with"),
    "ui.data_file": ("DataFile",),
    "ui.editors.color_editor": ("ColorEditor",),
    "ui.editors.information_model": ("InformationModel",),
    "ui.editors.selection_model": ("SelectionModel",),
    "ui.editors.spreadsheet_model": ("SpreadsheetModel",),
    "ui.editors.time_control": ("TimeControl",),
    "ui.feeding.statistics": ("FeedStatistics",),
    "ui.interaction": ("ViewInteraction",),
    "ui.panels.panel": ("Panel",),
    "ui.panels.panel_line": ("EDITORS", "Choice", "PanelLine"),
    "ui.pictures": ("FeedState", "PictureFeed"),
    "ui.pipeline_builder": ("PipelineBuilder",),
    "ui.pointing.events": ("InputEvent", "Surface"),
    "ui.progress_observer": ("Activity", "ProgressObserver"),
    "ui.property_manager": ("PropertyManager", "PropertyState"),
    "ui.workspace.actions": ("Action",),
    "ui.workspace.browser": ("BrowserRow", "PipelineBrowser"),
    "ui.workspace.catalog": ("Catalog", "CatalogEntry"),
    "ui.workspace.file_browser": ("FileBrowser",),
    "ui.workspace.message_log": ("LogEntry", "MessageLog"),
    "ui.workspace.workspace": ("Workspace",),
}
"""Modules that no session needs, with their names here: they are imported when the first of these is asked for."""

if not TYPE_CHECKING:  # a type checker is to refuse old names, with all other names that are not there
    _renamed = old_names(
        __name__,
        {"AnyViewProxy": "ViewProxy", "Picked": "PickResult", "Selected": "Selection"},
    )

    def __getattr__(name: str) -> Any:
        for module, names in _LATE.items():
            if name in names:
                found = import_module(f".{module}", __name__)
                globals().update({one: getattr(found, one) for one in names})
                return globals()[name]
        return _renamed(name)

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
