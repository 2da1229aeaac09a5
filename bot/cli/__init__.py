"""The command line: parse, call a service, print."""

from __future__ import annotations

import typer


def main() -> None:
    """Run the command that was typed."""
    build()()


def build() -> typer.Typer:
    """Every command. Each module adds its own; the heavy ones import what they need when they run."""
    from bot.cli import (
        ask,
        channels,
        database,
        doctor,
        export,
        faq,
        ledger,
        manifest,
        people,
        preview,
        programs,
        sandbox,
        serve,
    )

    app = typer.Typer(
        name="convene",
        help="Convene runs a community of practice in Slack. Try it without Slack: convene sandbox",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
    )
    here = (sandbox, serve, ask, faq, programs, preview, ledger, people, channels, manifest, doctor, export, database)
    for module in here:
        module.add(app)
    return app
