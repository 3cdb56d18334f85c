"""Where the time of a request goes, layer by layer."""
