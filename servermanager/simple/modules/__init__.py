"""ParaView's modules, as scripts import them: `paraview.simple`, `paraview.servermanager`, `paraview.vtk`."""
