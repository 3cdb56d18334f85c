"""Benchmarks of the transports: every backend against a floor and its peers, measured in the same run.

`python -m bench --help` tells what can be done; docs/benchmarks.md is made by `python -m bench report`.
"""
