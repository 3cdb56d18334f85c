"""Layers of soil: each number is a kind with a name and a color of its own."""

from servermanager import sync

with sync.connect() as session:
    ground = session.sources.Wavelet(WholeExtent=[0, 40, 0, 40, 0, 20])
    waves = "coordsZ + 2.5 * sin(coordsX / 8) + 2 * cos(coordsY / 5)"
    depth = session.filters.Calculator(Input=ground, Function=waves, ResultArrayName="depth")
    cells = session.filters.PointDatatoCellData(Input=depth)
    kinds = "1 + (depth > 5) + (depth > 10) + (depth > 17)"
    soil = session.filters.Calculator(Input=cells, AttributeType="Cell Data", Function=kinds, ResultArrayName="soil")
    view = session.views.RenderView(ViewSize=[800, 600])
    shown = session.show(soil, view, ColorBy=("CELLS", "soil"), Categorical=True, Ambient=0.4, Diffuse=0.6)
    shown.LookupTable.Annotations = [1, "Rock", 2, "Clay", 3, "Sand", 4, "Humus"]
    shown.LookupTable.IndexedColors = [0.55, 0.55, 0.6, 0.7, 0.4, 0.25, 0.95, 0.85, 0.55, 0.35, 0.55, 0.25]
    shown.scalar_bar.update(Visibility=True, Title="Soil")
    view.reset_camera("-Y")
    view.orbit(30, 30)
    view.reset_camera()
    view.save_screenshot("08_categories.png", palette="print")
