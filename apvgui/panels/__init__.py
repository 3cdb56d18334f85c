"""Panels of properties: a widget for each editor of the model, and lines that are kept up to date in place."""
