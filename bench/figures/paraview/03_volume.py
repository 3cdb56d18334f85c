from drawing import *

wavelet = Wavelet(WholeExtent=[-32, 32] * 3)
view = on_white()
shown = show(wavelet, view, ("POINTS", "RTData"), "Plasma (matplotlib)", Representation="Volume")
shown.ScalarOpacityUnitDistance = 2.0
GetOpacityTransferFunction("RTData").Points = [60, 0.0, 0.5, 0, 150, 0.0, 0.5, 0, 277, 0.4, 0.5, 0]
legend(shown, view, "Density")
outline(wavelet, view)
look(view, 30, 20)
save(view)
