"""One use case, one function: a session and values in, a frozen outcome out."""
