"""The desktop client: `apvgui` is a window in which sessions are seen, changed and steered."""
