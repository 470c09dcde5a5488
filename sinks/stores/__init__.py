"""Stores behind the Store protocol: chDB embedded, ClickHouse as a server."""
