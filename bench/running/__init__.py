"""What measures: processes, parties, samples, and the run of a plan."""
