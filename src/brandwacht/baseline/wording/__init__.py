"""The sentences with which the room answers."""
