"""The subcommands of the apvserver program: a module each, whose `run(arguments)` returns the exit code."""
