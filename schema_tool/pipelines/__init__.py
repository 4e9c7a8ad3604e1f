"""Pipelines of the editor's schema between YAML files and its database.

The one package that knows this repository's own schema: it calls import_pipeline() and
export_pipeline_yaml() and checks on this side that the database read what PyYAML reads.
"""
