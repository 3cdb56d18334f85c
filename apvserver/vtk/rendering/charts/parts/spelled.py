"""Texts of charts in fonts that have all of their characters, and formulas as such."""

from __future__ import annotations

from typing import Any

from vtkmodules.vtkChartsCore import vtkAxis, vtkChart
from vtkmodules.vtkCommonCore import vtkStringArray

from ...fonts.spelling import spell, spell_all


def spell_texts(item: Any) -> None:
    """Have each text of a chart, or of an axis on its own, written in a font that has it."""
    if isinstance(item, vtkAxis):
        _spell_axis(item)
    elif isinstance(item, vtkChart):
        if item.GetTitle():
            item.SetTitle(spell(item.GetTitleProperties(), item.GetTitle()))
        for index in range(item.GetNumberOfAxes()):
            if item.GetAxis(index) is not None:
                _spell_axis(item.GetAxis(index))
        _spell_legend(item)


def _spell_axis(axis: Any) -> None:
    if axis.GetTitle():
        axis.SetTitle(spell(axis.GetTitleProperties(), axis.GetTitle()))
    words = axis.GetTickLabels()
    before = [] if words is None else [str(words.GetValue(index)) for index in range(words.GetNumberOfValues())]
    after = spell_all(axis.GetLabelProperties(), before)
    if after != before:  # none of those that VTK chooses
        spelled = vtkStringArray()
        for one in after:
            spelled.InsertNextValue(one)
        axis.SetCustomTickPositions(axis.GetTickPositions(), spelled)


def _spell_legend(chart: Any) -> None:
    plots = [chart.GetPlot(index) for index in range(chart.GetNumberOfPlots())]
    legend = chart.GetLegend()
    named = [one for one in plots if one.GetLabel()]
    if legend is None or not named:
        return
    labels = spell_all(legend.GetLabelProperties(), [str(one.GetLabel()) for one in named])
    for plot, label in zip(named, labels, strict=True):
        if str(plot.GetLabel()) != label:
            plot.SetLabel(label)
