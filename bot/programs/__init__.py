"""The programs that ship, as data: one YAML file each."""
