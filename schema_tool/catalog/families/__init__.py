"""One module per area: rows of the .sql files beside it -> the models."""
