"""What `apvserver doctor` looks at: the machine, and a session that is tried step by step. Imports no VTK."""
