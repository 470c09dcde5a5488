"""The doors: journal, normalise, mask, route, marks."""
