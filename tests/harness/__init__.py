"""What tests share: programs under test, data with known values, files of every format, the sweep over all types."""
