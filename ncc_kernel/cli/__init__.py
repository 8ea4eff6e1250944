"""The `ncc` command: the only floor that asks the machine for the time and the environment."""
