"""Keyed processes: order, memory, time and delivery for pure functions."""
