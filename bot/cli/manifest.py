"""`convene manifest`: what to paste into Slack when the app is made."""

from __future__ import annotations

import sys
from typing import Annotated

import typer
from ruamel.yaml import YAML

from bot import app as composition


def add(app: typer.Typer) -> None:
    """Add the command to the command line."""
    app.command("manifest")(manifest)


def manifest(
    url: Annotated[
        str | None,
        typer.Option(help="Where Slack reaches the bot, such as https://bot.example.org. Left out: Socket Mode."),
    ] = None,
) -> None:
    """Print the Slack app manifest, made from what the bot listens to."""
    yaml = YAML()
    yaml.default_flow_style = False
    yaml.indent(mapping=2, sequence=4, offset=2)
    yaml.dump(composition.manifest(url), sys.stdout)
