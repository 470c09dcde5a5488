"""A simulated hall whose truth is known: a seeded plan of cases, the events it makes, and the cards it must lead to."""
