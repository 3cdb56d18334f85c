"""What user interfaces are built on: panels, browsers, progress, pipelines in one call."""
