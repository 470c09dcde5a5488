"""The wall, server side."""
