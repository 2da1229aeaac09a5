"""Clocks to choose from: every zone by its region and its city."""

from __future__ import annotations

from functools import cache
from zoneinfo import available_timezones

from bot.domain.messages import Block
from bot.domain.setup import place_of
from bot.views.blocks import grouped_select, option

REGIONS = ("Africa", "America", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific")
IN_A_GROUP = 90


def zone_select(action_id: str, own: str, whose: str = "Now", *, chosen: bool = True) -> Block:
    """Every zone by its region, one of them at the top, and chosen at first unless said otherwise."""
    groups = [(whose, [option(zone_words(own), own)])]
    groups += [(label, [option(zone_words(one), one) for one in zones if one != own]) for label, zones in _regions()]
    return grouped_select(action_id, groups, initial=own if chosen else None, placeholder="Choose a city")


def zone_words(zone: str) -> str:
    """A zone by its city, with its region behind it."""
    region, _, city = zone.partition("/")
    return f"{city.replace('_', ' ')} ({region})" if city else zone


@cache
def _regions() -> tuple[tuple[str, tuple[str, ...]], ...]:
    found: list[tuple[str, tuple[str, ...]]] = []
    known = sorted(available_timezones())
    for region in REGIONS:
        zones = [one for one in known if one.startswith(f"{region}/")]
        for at in range(0, len(zones), IN_A_GROUP):
            some = zones[at : at + IN_A_GROUP]
            first, last = (place_of(one)[0] for one in (some[0], some[-1]))
            label = region if len(zones) <= IN_A_GROUP else f"{region}, {first} to {last}"
            found.append((label, tuple(some)))
    return (*found, ("Other", ("UTC",)))
