"""Parts of pages for trame: the live view, panels, the pipeline browser; with sockets for pictures beside trame's."""
