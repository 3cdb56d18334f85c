"""Many ranks: one session's pipeline in several processes, which MPI connects. Imports no VTK."""
