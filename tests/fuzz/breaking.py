"""Right examples, broken: in their JSON, in a part of a packed file, or in their bytes."""

from __future__ import annotations

import io
import json
import random
import zipfile
import zlib
from contextlib import suppress
from copy import deepcopy
from typing import Any

ODD: tuple[Any, ...] = (
    None, True, 0, -1, 2**63, 2**70, 1e308, "", "x", "\x00", "\ud800", "9" * 400, "a" * 70_000, [], {}, [[]], [None],
    "2026-13-45T99:99:99Z", "0000-00-00T00:00:00Z", "9999-12-31T23:59:60.999999999Z", "vers:npm/>=1|<", "cpe:2.3:a:*",
    "pkg:npm/%", "tlp:red", "marking-definition--x", "6b1f2c1e-1111-4a3b-8c2d-000000000001", "[a:b = 'c']", "http://[",
    "xn--", "1.2.3.4/33", "::%eth0",
)  # fmt: skip


def mutated(data: bytes, chance: random.Random) -> bytes:
    """A broken version of an example."""
    try:
        thing = json.loads(data)
    except ValueError:
        thing = None
    if isinstance(thing, (dict, list)):
        for _change in range(chance.choice((1, 1, 2, 4))):
            _disturb(thing, chance)
        data = json.dumps(thing).encode()
        if chance.random() < 0.7:
            return data
    elif data[:2] == b"PK" and chance.random() < 0.8:
        with suppress(zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError):
            return _repacked(data, chance)  # fails for what was broken before
    changed = bytearray(data)
    for _change in range(chance.choice((1, 2, 5))):
        place = chance.randrange(len(changed) + 1)
        match chance.randrange(5):
            case 0:
                changed[place : place + 1] = bytes([chance.randrange(256)])
            case 1:
                del changed[place : place + chance.choice((1, 3, 50))]
            case 2:
                piece = changed[place : place + chance.choice((2, 20, 60))]
                changed[place:place] = piece * chance.choice((1, 3, 400))
            case 3:
                changed[place:place] = chance.choice(
                    (b"\x00", b"'", b"[", b"(" * 50, b"\\", b"\xff", b"%", b"|", b"\n")
                )
            case 4:
                changed[place:place] = str(chance.choice(ODD)).encode(errors="ignore")[:500]
    return bytes(changed)


def _disturb(thing: Any, chance: random.Random) -> None:
    """Change one place in something of JSON, at any depth."""
    while True:
        keys = list(thing) if isinstance(thing, dict) else list(range(len(thing)))
        if not keys:
            return
        key = chance.choice(keys)
        inner = thing[key]
        if not isinstance(inner, (dict, list)) or not inner or chance.random() < 0.25:
            break
        thing = inner
    match chance.randrange(5):
        case 0 if isinstance(thing, dict):
            del thing[key]
        case 1 if isinstance(thing, list):
            thing.extend(deepcopy([thing[key]] * chance.choice((1, 30))))
        case 2:
            thing[key] = deepcopy(thing[chance.choice(keys)])
        case 3:
            thing[key] = [inner]
        case _:
            thing[key] = deepcopy(chance.choice(ODD))


def _repacked(data: bytes, chance: random.Random) -> bytes:
    """A sheet of which one part inside is broken; as a whole it is still a packed file."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(stream, "w") as new:
        victim = chance.choice(old.namelist())
        for name in old.namelist():
            content = old.read(name)
            new.writestr(name, mutated(content, chance) if name == victim else content)
    return stream.getvalue()
