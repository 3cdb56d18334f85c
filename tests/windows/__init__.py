"""The tests on Windows: `make test-windows` makes a Windows Python that runs in wine, and judges what it did there."""
