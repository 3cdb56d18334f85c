"""The types of chart views, and of what is shown in each of them."""
