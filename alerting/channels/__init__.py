"""Push channels, one a file, settings inside."""
