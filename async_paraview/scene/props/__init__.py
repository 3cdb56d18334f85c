"""What stands in a scene beside data: lights, and pictures on surfaces and behind all."""
