"""The in-memory adapter with crashes, zombies and clock jumps."""
