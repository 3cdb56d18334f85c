"""Dialogs: where the session is, files of the server, searching types, saving, and what keys do."""
