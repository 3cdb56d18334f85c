"""Layouts: how views share a picture, and pictures of all the views of one."""
