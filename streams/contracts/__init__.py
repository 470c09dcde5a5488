"""What flows between the folders: one family of structs a file, topics, metrics, codec, errors."""
