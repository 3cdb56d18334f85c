"""The animation of a session: its times, tracks with keyframes, and the pictures that are made of it."""
