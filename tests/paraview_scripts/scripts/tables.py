"""A table that is read from text, as points, a surface through them, and tables of others."""

import csv
import json
import math
import os
import sys

from paraview.simple import *

directory = sys.argv[1]
path = os.path.join(directory, "heights.csv")
with open(path, "w", newline="") as file:
    writer = csv.writer(file)
    writer.writerow(["x", "y", "height", "station"])
    for row in range(15):
        for column in range(12):
            writer.writerow([column * 0.5, row * 0.5, math.sin(column * 0.4) * math.cos(row * 0.3), row * 12 + column])
table = CSVReader(registrationName="heights", FileName=[path])
points = TableToPoints(registrationName="points", Input=table)
points.XColumn = "x"
points.YColumn = "y"
points.ZColumn = "height"
points.KeepAllDataArrays = 1
surface = Delaunay2D(Input=points)
normals = PointDatatoCellData(Input=surface)
view = CreateRenderView(ViewSize=[300, 240])
display = Show(surface, view)
ColorBy(display, ("POINTS", "height"))
display.SetRepresentationType("Surface With Edges")
view.ResetCamera()
GetActiveCamera().Elevation(-40)
Render()
SaveScreenshot(directory + "/tables.png", view, ImageResolution=[300, 240])
fetched = servermanager.Fetch(table)
SaveData(os.path.join(directory, "again.csv"), proxy=table)
with open(os.path.join(directory, "again.csv")) as file:
    again = list(csv.DictReader(file))
print(
    json.dumps(
        {
            "rows": fetched.GetNumberOfRows(),
            "columns": [fetched.GetColumnName(one) for one in range(fetched.GetNumberOfColumns())],
            "seventh": fetched.GetValueByName(6, "height").ToDouble(),
            "stations": list(points.PointData["station"].GetRange()),
            "triangles": surface.GetDataInformation().GetNumberOfCells(),
            "bounds": [round(one, 5) for one in surface.GetDataInformation().GetBounds()],
            "cells": [round(one, 5) for one in normals.CellData["height"].GetRange()],
            "again": [len(again), round(float(again[6]["height"]), 5), sorted(again[0])],
        }
    )
)
