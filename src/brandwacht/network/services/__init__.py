"""The use cases of the network: every write to organisations, people, grants, register and actions."""
