"""Legal working days, opening hours and their versions; pure."""
