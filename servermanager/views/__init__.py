"""What is looked at: views, charts, representations, images, videos and animations."""
