"""Models -> SQL statements, one module per area."""
