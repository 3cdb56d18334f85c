"""Layouts, links of cameras and animations of ParaView's state files, and ours."""
