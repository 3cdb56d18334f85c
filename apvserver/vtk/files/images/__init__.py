"""Formats of images and volumes that are read here, because VTK's readers give other values or other places."""
