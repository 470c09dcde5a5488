"""Ranking and report file formats, one a file."""
