"""How all texts are written: in fonts that have every character, with formulas; and what is said of others."""
