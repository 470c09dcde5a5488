"""What people look at; reads only."""
