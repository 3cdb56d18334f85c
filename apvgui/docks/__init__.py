"""What stands around the views: the pipeline browser, properties, information, messages, statistics, the console."""
