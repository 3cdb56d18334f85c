"""What is put right of NetCDF files: numbers as they are meant, places, and types that VTK does not read."""
