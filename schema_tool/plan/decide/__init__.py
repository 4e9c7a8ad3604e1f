"""Changes -> what is dropped, altered and created, with everything that stands in the way."""
