"""Pure rules: the standard library only; time is an argument."""
