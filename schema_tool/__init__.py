"""A PostgreSQL schema toolkit for teams who write their SQL by hand."""

__version__ = "0.1.0"
