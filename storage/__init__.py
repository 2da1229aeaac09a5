"""Tables, queries and migrations; no rules."""
