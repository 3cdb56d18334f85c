"""More functions of `paraview.simple`, by subject: selections, lights, textures, colors, settings."""
