"""Legacy .vtk files, with all digits of their numbers."""
