"""What stands where in the flat arrays of the kernel, and the heap and the order that it keeps in them.

Only what numba can compile stands here; see `compiled.py`.
"""

from typing import Any, Final

Ints = Any
"""A list or an array of whole numbers."""

UP: Final = 0
DEGRADED: Final = 1
DOWN: Final = 2
NEVER: Final = 1 << 30
"""A minute that no run comes to: 2,000 years. Everything but the heap fits in 32 bits, so that a record is one line of
the processor's cache."""
CERTAIN: Final = 1 << 30

# A node. What it is:
NODE: Final = 16
RESTART: Final = 0
FIRST_NEED: Final = 1
END_NEED: Final = 2
FIRST_SERVED: Final = 3  # in `links`
END_SERVED: Final = 4
# As of the change being worked on:
STATE: Final = 5
BEFORE: Final = 6  # the state at the start of the minute when it was set in this minute, else -1
MARKS: Final = 7
FORCED: Final = 7  # + level: running outages
# As of the end of the previous minute:
PRESSURE: Final = 10
ENDED: Final = 10  # + level: when the pressure last fell below it
SINCE: Final = 13  # when the state last changed
MINUTES: Final = 13  # + level: spent in it until then

# A requirement. What it is:
NEED: Final = 16
OWNER: Final = 0
SPARE: Final = 1  # how many providers it can lose before it fails
UNNOTICED: Final = 2  # and before it is degraded
AUTONOMY: Final = 3
EFFECT: Final = 4
FIRST_PROVIDER: Final = 5  # in `links`
END_PROVIDER: Final = 6
ODDS: Final = 7  # the chance that a run feels it, out of CERTAIN
KEY0: Final = 8  # of its draws
KEY1: Final = 9
# What changes:
LOST: Final = 10  # providers down
IMPAIRED: Final = 11  # providers not up
BEGAN: Final = 11  # + level: since when the shortage is at least that
FELT: Final = 14  # whether this run feels it, once that was drawn

# Counts in `lists`, and what is kept there:
TOUCHED: Final = 0  # nodes to look at in this minute
DIRTY: Final = 1  # nodes that are not as they were at the start
CHANGED: Final = 2  # nodes whose state was set in this minute
FAILED: Final = 3  # nodes in the order in which they failed in this minute, also twice
FULL: Final = 4  # 1 when `heap` or `log` was too short for this run
COUNTS: Final = 8

# Marks of a node:
IS_DIRTY: Final = 1
IS_TOUCHED: Final = 2
IS_STALE: Final = 4  # something changed since it was looked at

# The log. At 0 the count of changes, at 1 that of providers; then records:
CHANGE: Final = 9
MINUTE: Final = 0
OF_NODE: Final = 1
FROM: Final = 2
TO: Final = 3
KIND: Final = 4
CAUSE_SINCE: Final = 5
THROUGH: Final = 6  # a requirement, or -1
FIRST_GUILTY: Final = 7  # in the list of providers
END_GUILTY: Final = 8

OUTAGE: Final = 0
REQUIREMENT: Final = 1
RESTORED: Final = 2


def list_room(nodes: int, links: int) -> int:
    """How long `lists` must be: three lists of nodes, one of failures, and a queue.

    In half a minute a node changes at most twice, and each time tells all who require it.
    """
    return COUNTS + 5 * nodes + nodes + 2 * links


def push(heap: Ints, lists: Ints, key: int) -> None:
    """Add a key to a binary heap whose count stands at place 0."""
    place = heap[0] + 1
    if place >= len(heap):
        lists[FULL] = 1
        return
    heap[0] = place
    while place > 1 and heap[place >> 1] > key:
        heap[place] = heap[place >> 1]
        place >>= 1
    heap[place] = key


def pop(heap: Ints) -> int:
    """Take the least key."""
    least: int = heap[1]
    size = heap[0] - 1
    key = heap[size + 1]
    heap[0] = size
    place = 1
    below = 2
    while below <= size:
        if below < size and heap[below + 1] < heap[below]:
            below += 1
        if heap[below] >= key:
            break
        heap[place] = heap[below]
        place = below
        below = 2 * place
    heap[place] = key
    return least


def sort(values: Ints, first: int, end: int) -> None:
    """Order the values from `first` up to `end`: Shell, Communications of the ACM 2 (1959)."""
    gap = end - first
    while gap > 1:
        gap = max(1, gap * 4 // 9)
        for place in range(first + gap, end):
            value = values[place]
            while place >= first + gap and values[place - gap] > value:
                values[place] = values[place - gap]
                place -= gap
            values[place] = value
