"""An immutable snapshot of versioned data and how it binds; loading.py alone reads folders."""
