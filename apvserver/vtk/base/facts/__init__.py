"""What was measured of VTK's classes, with the versions of VTK that it was measured on."""
