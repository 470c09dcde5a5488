"""One machine: broker, store, roles and web in one go; journal and snapshot keep it safe and quick."""
