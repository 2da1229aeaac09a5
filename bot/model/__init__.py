"""The vocabulary of the sentence model, as a data file; where it comes from is in ORIGIN.md beside it."""
