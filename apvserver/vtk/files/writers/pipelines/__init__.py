"""Writers that clients put at the end of a pipeline, with the names that VTK's properties have for files."""
