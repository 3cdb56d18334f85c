"""Views and representations that draw: the half of a representation that has the windows. One thread only."""
