"""Who gets a session, and when: clients that wait for one stand in a line."""
