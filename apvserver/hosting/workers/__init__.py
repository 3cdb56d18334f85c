"""Where workers come from, and how they end: spares, forks, programs that are started, and what is said of an end."""
