"""The data service: the pipeline, its execution, and what is told of it."""
