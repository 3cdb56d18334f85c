"""Programs that `python -m bench scale` runs in processes of their own, each for one thing that is measured."""
