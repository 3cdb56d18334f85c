"""Widgets in a scene, as both sides know them: where their handles and lines are, and what drags do with them."""
