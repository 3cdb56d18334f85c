"""MED: meshes and fields of Salome, code_aster and code_saturne."""
