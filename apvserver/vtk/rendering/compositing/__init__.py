"""Pictures of surfaces in pieces: each rank draws its own, and what is nearest at each pixel is seen."""
