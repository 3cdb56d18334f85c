"""What is put right of what readers of VTK make."""
