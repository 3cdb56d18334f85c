"""The window itself: its menus, bars, banner and status line, and what it has of the session that it shows."""
