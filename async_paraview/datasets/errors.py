"""The one error of the data set codec."""


class DataSetError(ValueError):
    """A data set, its description or its bytes cannot be carried; the text says what was seen and expected."""
