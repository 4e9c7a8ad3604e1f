"""Declared and certain renames, and a live catalog as they leave it."""
