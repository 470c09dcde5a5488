"""The Faust adapter: transport, table, checkpoint, restore; the only Faust code."""
