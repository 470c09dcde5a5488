"""Supervision rules, one a file, grouped by subject."""
