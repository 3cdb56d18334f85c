"""Files of Gmsh (.msh): meshes, and the fields on them."""
