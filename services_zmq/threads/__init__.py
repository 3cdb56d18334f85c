"""The communication thread: what it waits for, and by what, and who makes the calls of one channel."""
