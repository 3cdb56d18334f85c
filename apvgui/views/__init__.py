"""Views as widgets: pictures that come, mouse and keys that go, frames, and layouts of them."""
