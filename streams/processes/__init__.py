"""One folder a keyed process."""
