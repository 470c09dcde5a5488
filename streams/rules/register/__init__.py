"""Rules on what the registry says of the case's item and days."""
