"""Bulk data of Nastran (.bdf, .nas, .fem): points, systems of coordinates and elements."""
