"""What a browser can tell about a page: names, contrast, widths, sizes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Page


def nameless(page: Page) -> list[str]:
    """Visible controls without an accessible name, as roles in the accessibility tree."""
    tree = page.locator("body").aria_snapshot()
    roles = "button|link|textbox|searchbox|combobox|listbox|checkbox|radio|spinbutton|menuitem|option|dialog|group"
    return re.findall(rf"^\s*- (?:{roles})(?::|$| \[.*)", tree, re.MULTILINE)


def repeated_ids(page: Page) -> list[str]:
    """Ids that more than one element has."""
    return list(page.evaluate(DUPLICATE_IDS))


def sideways(page: Page) -> list[str]:
    """What reaches beyond the sides of its box."""
    return list(page.evaluate(SIDEWAYS))


def small_targets(page: Page) -> list[str]:
    """Controls of the open dialogue that are smaller than a finger."""
    return list(page.evaluate(SMALL))


def faint(page: Page) -> list[str]:
    """Texts that do not stand out enough from what is behind them (WCAG AA)."""
    return list(page.evaluate(FAINT))


DUPLICATE_IDS = """() => {
  const ids = [...document.querySelectorAll("[id]")].map((node) => node.id);
  return ids.filter((id, at) => ids.indexOf(id) !== at);
}"""

# What reaches beyond the window's sides, unless a box of its own cuts it off.
SIDEWAYS = """() => {
  const wide = document.documentElement.scrollWidth > innerWidth ? ["the page"] : [];
  for (const box of document.querySelectorAll(".messages, .modal-body, .home-body, .main-head, .composer-box")) {
    if (box.offsetParent && box.scrollWidth > box.clientWidth + 1) wide.push(box.className);
  }
  return wide;
}"""

# Controls of the open dialogue that are smaller than a finger; boxes count with their label.
SMALL = """() => [...document.querySelectorAll("dialog[open] :is(button, input, select, textarea, a)")]
  .filter((node) => node.offsetParent)
  .map((node) => [node, (node.closest("label") ?? node).getBoundingClientRect()])
  .filter(([, box]) => box.height < 43.5 || box.width < 43.5)
  .map(([node, box]) => `${node.outerHTML.slice(0, 80)} ${box.width}x${box.height}`)"""

# Texts whose contrast with what lies behind them is below 4.5 (3 for large ones).
FAINT = """() => {
  const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const rgba = (css) => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = css;
    canvas.fillRect(0, 0, 1, 1);
    const [r, g, b, a] = canvas.getImageData(0, 0, 1, 1).data;
    return [r, g, b, a / 255];
  };
  const over = (top, under) => top.slice(0, 3).map((value, at) => value * top[3] + under[at] * (1 - top[3])).concat(1);
  const ground = (node) => {
    const layers = [];
    for (let one = node; one; one = one.parentElement) layers.push(rgba(getComputedStyle(one).backgroundColor));
    return layers.reverse().reduce((under, layer) => over(layer, under), [255, 255, 255, 1]);
  };
  const light = ([r, g, b]) => {
    const part = (value) => (value / 255 <= 0.04045 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4);
    return 0.2126 * part(r) + 0.7152 * part(g) + 0.0722 * part(b);
  };
  const open = [...document.querySelectorAll("dialog[open]")].at(-1) ?? document.body;
  const walker = document.createTreeWalker(open, NodeFilter.SHOW_TEXT);
  const found = [];
  while (walker.nextNode()) {
    const node = walker.currentNode.parentElement;
    const style = getComputedStyle(node);
    const seen = node.checkVisibility({ opacityProperty: true, visibilityProperty: true });
    if (!walker.currentNode.data.trim() || !seen) continue;
    if (node.closest(".visually-hidden, .emoji, option, script")) continue;
    const behind = ground(node);
    const [one, two] = [light(over(rgba(style.color), behind)), light(behind)].sort((a, b) => b - a);
    const large = parseFloat(style.fontSize) >= 24 || (parseFloat(style.fontSize) >= 18.66 && style.fontWeight >= 700);
    const ratio = (one + 0.05) / (two + 0.05);
    if (ratio < (large ? 3 : 4.5)) found.push(`${walker.currentNode.data.trim().slice(0, 40)}: ${ratio.toFixed(2)}`);
  }
  return found;
}"""
