"""A state whose file has moved, loaded with the folder it is in now; and a state as ParaView's users keep it."""

import json
import os
import shutil
import sys

from paraview.simple import *

directory = sys.argv[1]
old, new = os.path.join(directory, "old"), os.path.join(directory, "new")
os.mkdir(old)
SaveData(os.path.join(old, "grid.vti"), proxy=Wavelet(WholeExtent=[-6, 6, -6, 6, -6, 6]))
ResetSession()
reader = XMLImageDataReader(registrationName="grid", FileName=[os.path.join(old, "grid.vti")])
reader.PointArrayStatus = ["RTData"]
cut = Clip(registrationName="half", Input=reader, ClipType="Plane")
cut.ClipType.Normal = [0.0, 1.0, 0.0]
surface = ExtractSurface(registrationName="skin", Input=cut)
view = CreateView("RenderView")
view.ViewSize = [240, 200]
view.Background = [0.0, 0.2, 0.1]
view.UseColorPaletteForBackground = 0
display = Show(surface, view, "GeometryRepresentation")
ColorBy(display, ("POINTS", "RTData"))
GetColorTransferFunction("RTData").ApplyPreset("Rainbow Desaturated", True)
view.CameraPosition = [20.0, 25.0, 30.0]
view.CameraFocalPoint = [0.0, 0.0, 0.0]
view.CameraViewUp = [0.0, 1.0, 0.0]
Render()
path = os.path.join(directory, "kept.pvsm")
SaveState(path)
shutil.move(old, new)
ResetSession()
LoadState(path, data_directory=new)
found = FindSource("half").Input
skin = FindSource("skin")
skin.UpdatePipeline()
view = GetActiveViewOrCreate("RenderView")
Render(view)
SaveScreenshot(directory + "/state_of_files.png", view, ImageResolution=[240, 200])
lut = GetColorTransferFunction("RTData")
print(
    json.dumps(
        {
            "file": os.path.relpath(
                str(
                    found.FileName[0]
                    if isinstance(found.FileName[0], str) and len(found.FileName[0]) > 1
                    else found.FileName
                ),
                directory,
            ),
            "cells": skin.GetDataInformation().GetNumberOfCells(),
            "range": list(skin.PointData["RTData"].GetRange()),
            "normal": list(FindSource("half").ClipType.Normal),
            "colored by": list(GetDisplayProperties(skin, view).ColorArrayName),
            "colors": [round(one, 5) for one in lut.RGBPoints[:8]],
            "background": list(view.Background),
        }
    )
)
