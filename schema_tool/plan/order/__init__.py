"""Decisions -> nodes in one order."""
