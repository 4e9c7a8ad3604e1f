"""Findings, Plans, Status -> text, json, github, sarif."""
