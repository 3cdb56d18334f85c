"""The knobs by which figures are polished, by ParaView's names and a few of PyVista's: which are here, and where."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from async_paraview.records import dataclass
from async_paraview.scene.catalog import KINDS_OF_VIEWS, SCENE_TYPES

from .. import RenderViewProxy, Session, simple
from ..simple.layouts import ScriptedLayout

SIMPLE: Final = "simple"
SESSION: Final = "session"
VIEW: Final = "view"
TYPES: Final = "types"
LAYOUT: Final = "layout"
VIEWS: Final = "views"
_SHOWN: Final = "representations/GeometryRepresentation"
_SEEN: Final = "views/RenderView"
_LEGEND: Final = "annotations/ScalarBar"
_MAP: Final = "color_maps/PVLookupTable"
_GRID: Final = "annotations/GridAxes3DActor"
_TEXT: Final = "annotations/Text"
_CHART: Final = "views/XYChartView"
_SERIES: Final = "representations/XYChartRepresentation"

KNOBS: Final[Mapping[str, Mapping[str, str]]] = MappingProxyType({
    "legend": {
        _LEGEND: """TitleColor LabelColor TitleFontSize LabelFontSize TitleFontFamily LabelFontFamily TitleBold
            TitleItalic LabelBold LabelItalic Orientation WindowLocation Position ScalarBarLength ScalarBarThickness
            LabelFormat RangeLabelFormat AutomaticLabelFormat UseCustomLabels CustomLabels AddRangeLabels DrawTickMarks
            ComponentTitle HorizontalTitle DrawAnnotations DrawNanAnnotation NanAnnotation ReverseLegend DrawBackground
            BackgroundColor""",
        _MAP: "UseBelowRangeColor UseAboveRangeColor",
    },
    "colors": {
        _MAP: "Annotations IndexedColors NanOpacity ColorSpace AutomaticRescaleRangeMode",
        _SHOWN: """TransferFunction2D UseTransfer2D UseGradientForTransfer2D ColorArray2Name GradientOpacityFunction
            BlendMode IsosurfaceValues SliceFunction UseSeparateOpacityArray OpacityArrayName Shade""",
    },
    "representation": {
        _SHOWN: """Position Scale Orientation Origin UserTransform PointSize LineWidth RenderLinesAsTubes
            RenderPointsAsSpheres EdgeOpacity BackfaceRepresentation BackfaceDiffuseColor BackfaceAmbientColor
            BackfaceOpacity Texture SelectTCoordArray RepeatTextures NonlinearSubdivisionLevel Interpolation Metallic
            Roughness BaseIOR EdgeTint CoatStrength CoatIOR CoatRoughness CoatColor Anisotropy NormalTexture
            MaterialTexture EmissiveTexture MultiComponentsMapping SilhouetteVisibility SilhouetteColor
            SilhouetteLineWidth DataAxesGrid PolarAxes PointLabelVisibility CellLabelVisibility
            ContourLabelVisibility SelectionPointLabelVisibility SelectionCellLabelVisibility
            BlockSelectors BlockColors BlockOpacities""",
    },
    "axes grid": {
        _GRID: """XTitleFontSize XLabelFontSize XTitleFontFamily XLabelFontFamily XTitleColor XLabelColor XTitleBold
            XTitleItalic GridColor FacesToRender CullFrontface CullBackface AxesToLabel XAxisUseCustomLabels XAxisLabels
            XAxisNotation XAxisPrecision UseCustomBounds CustomBounds DataScale ShowGrid ShowTicks ShowEdges""",
    },
    "view": {
        _SEEN: """LegendGrid CenterAxesVisibility CenterAxesXColor CenterAxesYColor CenterAxesZColor
            OrientationAxesXColor OrientationAxesYColor OrientationAxesZColor OrientationAxesLabelColor
            OrientationAxesXLabelText OrientationAxesXVisibility UseSSAO UseSSAODefaultPresets Radius Bias KernelSize
            Blur UseToneMapping ToneMappingType Exposure Contrast Shoulder MidIn MidOut HdrMax UseACES
            UseEnvironmentLighting EnvironmentalBGTexture UseTexturedEnvironmentalBG EnvironmentalBG EnvironmentalBG2
            UseGradientEnvironmentalBG HiddenLineRemoval KeyLightWarmth KeyLightElevation KeyLightAzimuth
            KeyLightIntensity FillLightWarmth FillLightKFRatio FillLightElevation FillLightAzimuth BackLightWarmth
            BackLightKBRatio BackLightElevation BackLightAzimuth HeadLightWarmth HeadLightKHRatio MaintainLuminance
            StereoRender StereoType EyeAngle UseFXAA FXAARelativeContrastThreshold FXAAHardContrastThreshold
            FXAASubpixelBlendLimit FXAASubpixelContrastThreshold FXAAUseHighQualityEndpoints
            FXAAEndpointSearchIterations DepthPeeling DepthPeelingForVolumes
            MaximumNumberOfPeels""",
        SIMPLE: "LoadPalette CreateLayout GetLayout EqualizeViewsBoth SaveScreenshot",
        LAYOUT: "SplitHorizontal SplitVertical",
    },
    "annotations": {
        TYPES: "AnnotateTime AnnotateTimeFilter AnnotateAttributeData Ruler Text Logo",
        _TEXT: """WindowLocation Position Orientation FontFamily FontFile FontSize Bold Italic Opacity Shadow ShowBorder
            Justification Color""",
        VIEW: "add_text scalar_bar export",
        SESSION: "figure",
    },
    "charts": {
        _CHART: """LeftAxisColor LeftAxisGridColor LeftAxisLabelNotation LeftAxisLabelPrecision LeftAxisUseCustomLabels
            LeftAxisLabels LeftAxisUseCustomRange LeftAxisRangeMinimum LeftAxisRangeMaximum LeftAxisLogScale
            RightAxisTitle RightAxisUseCustomRange RightAxisLogScale RightAxisColor RightAxisUseCustomLabels
            TopAxisTitle TopAxisUseCustomRange TopAxisColor LegendLocation LegendPosition LegendFontSize LegendBold
            ShowLegend ChartTitle ChartTitleFontSize""",
        _SERIES: """SeriesPlotCorner SeriesLineStyle SeriesLineThickness SeriesMarkerStyle SeriesMarkerSize
            SeriesOpacity""",
        VIEWS: """XYHistogramChartView XYBarChartView BoxChartView QuartileChartView ParallelCoordinatesChartView
            PlotMatrixView ImageChartView""",
    },
})  # fmt: skip
"""By subject and owner. An owner is a type of views, of what is shown, of parts; or a place of functions."""

REASONS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "Anisotropy": "VTK needs tangents, which surfaces have not here",
        "NormalTexture": "VTK needs tangents, which surfaces have not here",
        "MaterialTexture": "of pictures on a surface there is Texture; Metallic and Roughness are the same everywhere",
        "EmissiveTexture": "of pictures on a surface there is Texture; Ambient brightens a surface everywhere",
        "SelectionPointLabelVisibility": "selections are not drawn: show what is extracted, with PointLabelVisibility",
        "SelectionCellLabelVisibility": "selections are not drawn: show what is extracted, with CellLabelVisibility",
    }
)
"""Why what is not here is not; what stands in its place."""


@dataclass(frozen=True, slots=True)
class KnobsOf:
    """The knobs of one subject, as (owner, name): those that are here, and those that are not."""

    subject: str
    here: tuple[tuple[str, str], ...]
    absent: tuple[tuple[str, str], ...]


def places(types: frozenset[str]) -> dict[str, frozenset[str]]:
    """Return the names that are no properties, by their place; `types` are those of sources and filters."""
    owners = {SESSION: Session, VIEW: RenderViewProxy, LAYOUT: ScriptedLayout}
    return {
        TYPES: types,
        VIEWS: frozenset(KINDS_OF_VIEWS),
        SIMPLE: frozenset(vars(simple)),  # what `dir` has beside are the types of a session, which it opens
        **{place: frozenset(dir(owner)) for place, owner in owners.items()},
    }


def knobs(others: Mapping[str, frozenset[str]]) -> list[KnobsOf]:
    """Return what is here of the knobs, by subject; `others` has the names of functions and of types by their place."""
    found = []
    for subject, owners in KNOBS.items():
        pairs = [(owner, name) for owner, names in owners.items() for name in names.split()]
        here = tuple(pair for pair in pairs if is_here(*pair, others))
        found.append(KnobsOf(subject, here, tuple(pair for pair in pairs if pair not in here)))
    return found


def is_here(owner: str, name: str, others: Mapping[str, frozenset[str]]) -> bool:
    """Return whether a knob is here, and has an effect."""
    type_ = SCENE_TYPES.get(owner)
    if type_ is None:
        return name in others.get(owner, ())
    known = type_.by_name.get(type_.aliases.get(name, name))
    return known is not None and not known.doc.startswith("kept, without effect")
