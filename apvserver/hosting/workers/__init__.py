"""Where workers come from, and how they end: spares, a process that workers are forked from, and what is said of an end."""
