"""What is looked at, told and set right of what an execution has made."""
