"""Views as files of other programs: glTF, X3D and OBJ of scenes, SVG and PDF of charts."""
