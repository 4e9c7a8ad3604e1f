"""A PostgreSQL to talk to: a URL, libpq's variables, the embedded server, scratch databases."""
