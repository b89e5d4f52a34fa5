"""The addresses of the room, by subject; `urls.py` puts them together."""
