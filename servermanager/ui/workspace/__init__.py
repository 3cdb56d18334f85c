"""What an application around a session holds: its pipeline browser, menus, files, log, and actions that never wait."""
