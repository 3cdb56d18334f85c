from drawing import *

ball = Sphere(ThetaResolution=200, PhiResolution=200)
pressure = Calculator(
    Input=ball, Function="101325 + 250 * (9 * coordsX^2 - 1.25) * coordsZ", ResultArrayName="pressure"
)
view = on_white()
shown = show(pressure, view, ("POINTS", "pressure"))
legend(shown, view, "Pressure", "[Pa]")
look(view, 30, 20, along=(0, -1, 0), up=(0, 0, 1))
save(view)
