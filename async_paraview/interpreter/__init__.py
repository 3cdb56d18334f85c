"""The Python that this process runs in, and that of the processes that it starts."""
