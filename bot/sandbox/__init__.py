"""A local Slack in a browser, as strict as the real one."""
