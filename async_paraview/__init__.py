"""What client and server both know: data sets as values, information about data, domains and values of properties."""
