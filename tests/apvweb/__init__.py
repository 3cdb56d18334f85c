"""Tests of the web client: its decisions, its server, and its page in a real browser."""
