"""Facts to stores; writes only."""
