"""What a web process does once, before it answers."""

import gc

GENERATIONS = (10_000, 10, 10)


def settle() -> None:
    """Leave what was loaded out of garbage collection, and look for garbage less often than Python does by itself.

    All that a process holds from its start lives as long as the process; a page makes a hundred thousand objects, and
    nearly all go without a collector. Python would walk through everything a hundred times for one large page.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(*GENERATIONS)
