"""ParaView's state files (.pvsm): read, understood as far as there is a counterpart here, and written."""
