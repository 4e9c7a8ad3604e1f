"""Steps -> SQL text: what is printed is what is run."""
