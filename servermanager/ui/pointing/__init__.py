"""What a person does with pointer, fingers and keys, and what becomes of it: decisions about views."""
