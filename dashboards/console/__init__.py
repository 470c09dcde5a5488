"""The console and the web API, server side."""
