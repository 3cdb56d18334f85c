"""Workers that begin at once: spares, and a process with everything imported that workers are forked from."""
