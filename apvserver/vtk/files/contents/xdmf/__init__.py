"""What XDMF files say, and what VTK's reader takes wrong of that."""
