"""How surfaces, volumes and whole scenes look: properties of representations and render views, by subject."""
