"""Foreign formats, one a file: bytes in, canonical events or a reason out."""
