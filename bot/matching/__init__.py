"""Finding the entry that answers a question by its meaning, with a small sentence model on one core."""

import os

# Its matrices are small: with threads of its own the arithmetic takes five times as long on a busy machine.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
