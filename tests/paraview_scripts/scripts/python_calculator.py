"""Expressions over arrays: Python Calculator and Calculator, of points and of cells."""

import json
import sys

from paraview.simple import *

wavelet = Wavelet(WholeExtent=[-6, 6, -6, 6, -6, 6])
double = PythonCalculator(Input=wavelet)
double.Expression = "RTData * 2 + 1"
double.ArrayName = "double"
squares = PythonCalculator(Input=double, Expression="inputs[0].PointData['double']**2", ArrayName="squares")
where = PythonCalculator(Input=squares, Expression="where(RTData > 150, RTData, 0)", ArrayName="peaks")
places = PythonCalculator(Input=where, Expression="sqrt(abs(RTData))+1", ArrayName="radius")
means = PythonCalculator(Input=places, Expression="RTData - mean(RTData)", ArrayName="difference")
vectors = Calculator(Input=means, ResultArrayName="V", Function="coordsX*iHat + coordsY*jHat - 2*coordsZ*kHat")
angles = Calculator(Input=vectors, ResultArrayName="angle", Function="atan2(coordsY, coordsX+20)*180/3.14159265")
norms = Calculator(Input=angles, ResultArrayName="norm", Function="mag(V)+if(radius>5,1,0)")
cells = PointDatatoCellData(Input=norms)
onCells = Calculator(Input=cells, AttributeType="Cell Data", ResultArrayName="cellwise", Function="norm*radius")
moved = Calculator(
    Input=Tetrahedralize(Input=wavelet), Function="coordsX*iHat+coordsY*jHat+(RTData/40)*kHat", CoordinateResults=1
)
moved.UpdatePipeline()
view = CreateRenderView(ViewSize=[300, 240])
cut = Slice(Input=onCells, SliceType="Plane")
cut.SliceType.Normal = [0.0, 1.0, 0.0]
display = Show(cut, view)
ColorBy(display, ("CELLS", "cellwise"))
view.ResetActiveCameraToPositiveY()
view.ResetCamera()
Render()
SaveScreenshot(sys.argv[1] + "/python_calculator.png", view, ImageResolution=[300, 240])
onCells.UpdatePipeline()
names = ("double", "squares", "peaks", "radius", "difference", "angle", "norm")
norms.UpdatePipeline()
facts = {name: list(norms.PointData[name].GetRange()) for name in names}
facts["V"] = [list(norms.PointData["V"].GetRange(one)) for one in (-1, 0, 1, 2)]
facts["cellwise"] = list(onCells.CellData["cellwise"].GetRange())
facts["moved"] = list(moved.GetDataInformation().GetBounds())
facts["class"] = moved.GetDataInformation().GetDataClassName()
print(json.dumps(facts))
