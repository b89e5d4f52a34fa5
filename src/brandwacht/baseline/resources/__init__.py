"""The API resources of the room, by subject; `api.py` puts them together."""
