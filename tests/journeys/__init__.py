"""Whole walks through the sandbox, over HTTP and over the web socket."""
