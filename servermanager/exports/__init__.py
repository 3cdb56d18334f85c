"""Views as files of other programs: glTF, X3D, OBJ and vtk.js of scenes, SVG, PDF and EPS of all."""
