"""The commands of the program `hallwatch`, one a file."""
