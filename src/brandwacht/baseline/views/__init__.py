"""The pages of the room: the norm with its answers, and the measures."""
