"""Widgets of a view: which properties of proxies they show and set, and steps of undo that are drags."""
