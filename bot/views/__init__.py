"""Everything people read, as Block Kit; and what they typed, read back."""
