"""Pure Python engines: no Django, no network, no clock of their own."""
