"""The forms of the room, by subject: shapes only; what is allowed is decided in the services."""
