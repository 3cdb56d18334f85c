"""The tests: a package, so that each can be imported, and run alone, from wherever pytest is started."""
