"""`hallwatch parts`: every part that was found, by kind."""

from dataclasses import fields

import typer

from deploy.wiring import collect_parts


def show_parts() -> None:
    """Print rules, sources, destinations, channels and exports as they were found in their folders."""
    parts = collect_parts()
    for field in fields(parts):
        typer.echo(f"{field.name}:")
        for name, part in getattr(parts, field.name).items():
            typer.echo(f"  {name:<20} {(type(part).__module__)}")
