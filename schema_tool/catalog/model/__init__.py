"""The objects of a database as facts: frozen, without SQL, equal when the objects are equal."""
