"""A live database, migrations/ and sql/ -> Findings: whether they agree.

Desired state is executed, never parsed: both folders are loaded into scratch databases and read
back as the live database is. Nothing is imported here: `diff` needs a part of it only.
"""
