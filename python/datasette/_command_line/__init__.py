"""The server's own commands, as far as plugins see them."""
