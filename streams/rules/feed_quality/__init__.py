"""Rules on the records of a case as a feed sends them."""
