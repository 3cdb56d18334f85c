"""Programs of tests, forked from one that has imported all. Linux only: the rest of the harness knows nothing of it."""
