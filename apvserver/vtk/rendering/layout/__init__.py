"""Where legends, texts and axes stand beside a scene: boxes in pixels, none of which is cut off or covers another."""
