"""What two peers say to each other, and what is kept of it: messages, frames, conversations. No I/O, no threads."""
