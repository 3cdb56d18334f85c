"""What touches VTK: reflection, pipelines, geometry, rendering."""
