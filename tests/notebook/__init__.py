"""Views in notebooks: by the widget alone, by executed notebooks, and in a JupyterLab that a browser shows."""
