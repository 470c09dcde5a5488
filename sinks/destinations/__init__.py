"""What is written where, one destination a file."""
