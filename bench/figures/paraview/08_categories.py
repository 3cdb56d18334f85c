from drawing import *

ground = Wavelet(WholeExtent=[0, 40, 0, 40, 0, 20])
waves = "coordsZ + 2.5 * sin(coordsX / 8) + 2 * cos(coordsY / 5)"
depth = Calculator(Input=ground, Function=waves, ResultArrayName="depth")
cells = PointDatatoCellData(Input=depth)
kinds = "1 + (depth > 5) + (depth > 10) + (depth > 17)"
soil = Calculator(Input=cells, AttributeType="Cell Data", Function=kinds, ResultArrayName="soil")
view = on_white()
shown = Show(soil, view, Ambient=0.4, Diffuse=0.6)
shown.Representation = "Surface"
ColorBy(shown, ("CELLS", "soil"))
colors = GetColorTransferFunction("soil")
colors.InterpretValuesAsCategories = 1
colors.Annotations = ["1", "Rock", "2", "Clay", "3", "Sand", "4", "Humus"]
colors.IndexedColors = [0.55, 0.55, 0.6, 0.7, 0.4, 0.25, 0.95, 0.85, 0.55, 0.35, 0.55, 0.25]
legend(shown, view, "Soil")
look(view, 30, 30, along=(0, -1, 0), up=(0, 0, 1))
save(view)
