"""The communication thread: what it waits for, by what, who takes its place, and who makes a channel's calls."""
