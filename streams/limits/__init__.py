"""Limits, clocks, ledgers and card ladders; pure."""
