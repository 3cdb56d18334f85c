"""The client program: runs scripts and a REPL in which `await` works at the top level."""
