"""Figures, printed and never asserted by a timer: `python -m tests.benchmarks`."""
