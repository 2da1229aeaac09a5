"""`convene manifest`: what to paste into Slack when the app is made."""

from __future__ import annotations

import sys
from typing import Annotated
from urllib.parse import urlsplit

import typer
from ruamel.yaml import YAML

from bot import app as composition
from bot.cli.common import refuse


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
    if url is not None:
        url = _address(url)
    yaml = YAML()
    yaml.default_flow_style = False
    yaml.indent(mapping=2, sequence=4, offset=2)
    yaml.dump(composition.manifest(url), sys.stdout)


def _address(url: str) -> str:
    """The address without a path; Slack takes https only."""
    parts = urlsplit(url)
    if parts.scheme != "https" or not parts.hostname:
        refuse(f"--url {url}: write the whole address, with https: https://bot.example.org")
    return f"https://{parts.netloc}"
