"""`python -m tests.benchmarks [NAME …]`: run the named benchmarks, or all of them, and print their tables."""

from __future__ import annotations

import sys
from collections.abc import Callable

from rich.console import Console, RenderableType

from tests.benchmarks import edge, faq, home, load, sandbox

BENCHMARKS: dict[str, Callable[[], RenderableType]] = {
    "edge": edge.run,
    "faq": faq.run,
    "home": home.run,
    "load": load.run,
    "sandbox": sandbox.run,
}


def main(names: list[str]) -> None:
    """Run what is named; an unknown name ends with what there is."""
    unknown = [name for name in names if name not in BENCHMARKS]
    if unknown:
        sys.exit(f"There is no benchmark {', '.join(unknown)}; there are: {', '.join(BENCHMARKS)}")
    for name in names or BENCHMARKS:
        Console().print(BENCHMARKS[name]())


if __name__ == "__main__":
    main(sys.argv[1:])
