"""The editor of color maps and opacities: gradients, points that are dragged, ranges, presets, the legend."""
