"""Render views, layer upon layer: what they show, how the camera is fitted to it, and how it is drawn."""
