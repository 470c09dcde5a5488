"""Case events in, clocks and findings out."""
