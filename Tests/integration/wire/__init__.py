"""Playing raw bytes against servers and reading what they made of them."""
