"""Rating scores, score cards, normalisations and places; pure."""
