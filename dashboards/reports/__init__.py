"""Closing a period: figures from facts."""
