"""Parts of views and of what is shown that have properties of their own: axes, functions, legends."""
