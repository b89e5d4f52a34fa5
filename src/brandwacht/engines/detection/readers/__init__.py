"""Readers of every log that the engine knows: lines of text and records of JSON, known by their content.

A reader gives an `Event` with the field names that Sigma rules use for that log and with its envelope apart, or a
`BadRecord` that says in Dutch what is wrong. None raises, whatever a line holds.
"""

from brandwacht.engines.detection.readers.lines import LineReader, parse_payload, parse_syslog
from brandwacht.engines.detection.readers.parsing import stored_event

__all__ = ["LineReader", "parse_payload", "parse_syslog", "stored_event"]
