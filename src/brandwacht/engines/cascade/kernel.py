"""The simulation itself, over flat arrays of whole numbers: the same functions compiled and in pure Python.

Only what numba can compile stands here; see `compiled.py`. Arrays are lists in pure Python. The rules are those of
README.md. A run touches only what changes, and leaves the arrays as it found them: all up, all buffers full.

`nodes` holds a record of `NODE` numbers per node, `needs` one of `NEED` per requirement; the requirements of a node
stand side by side. `links` holds for every node the requirements that name it, and for every requirement its providers.
`lists` holds five counts and the flag `FULL`, then room for the lists of one minute (`list_room`). `heap` holds the
events to come. They are few and flat, as a compiled function pays for every array that it is given.

With `record` every change is written down with its cause, and nodes are visited in one fixed order, on which the causes
depend where several would do. Without, only minutes are counted, and what can not matter is skipped: the states are the
same, as they do not depend on the order (docs/decisions/0005-cascade-semantics.md).
"""

from typing import Any, Final

from .draws import WORD, scramble

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

_KINDS: Final = 5  # of event: 0 look again, 2 * level - 1 an outage begins, 2 * level it ends


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


def shortage(needs: Ints, need: int) -> int:
    """The level that a requirement, whose record starts at `need`, falls short to, whether or not it is felt."""
    lost, spare = needs[need + LOST], needs[need + SPARE]
    if lost > spare:
        return needs[need + EFFECT]  # type: ignore[no-any-return]
    return DEGRADED if needs[need + IMPAIRED] > spare or lost > needs[need + UNNOTICED] else UP


def is_felt(needs: Ints, need: int, run: int) -> bool:
    """Whether this run feels the requirement: drawn when it first matters. A run below 0 leaves nothing to chance."""
    if run < 0 or needs[need + ODDS] >= CERTAIN:
        return True
    if needs[need + FELT] == 0:
        drawn, _ = scramble(needs[need + KEY0] & WORD, needs[need + KEY1] & WORD, run, 0)
        needs[need + FELT] = 1 if drawn >> 2 < needs[need + ODDS] else 2
    return needs[need + FELT] == 1  # type: ignore[no-any-return]


def noticed(needs: Ints, need: int, now: int, run: int) -> int:
    """The shortage that has outlasted the buffer."""
    level = shortage(needs, need)
    if level == UP or not is_felt(needs, need, run):
        return UP
    autonomy = needs[need + AUTONOMY]
    if autonomy > 0:
        while level and needs[need + BEGAN + level] + autonomy > now:
            level -= 1
    return level


def pushed(nodes: Ints, needs: Ints, node: int, now: int, run: int) -> int:
    """The level that outages and requirements push the node to."""
    at = NODE * node
    level = DOWN if nodes[at + FORCED + DOWN] else DEGRADED if nodes[at + FORCED + DEGRADED] else UP
    for number in range(nodes[at + FIRST_NEED], nodes[at + END_NEED]):
        if level == DOWN:
            break
        level = max(level, noticed(needs, NEED * number, now, run))
    return level


def relieved(nodes: Ints, node: int, level: int, now: int) -> int:
    """When the pressure fell below this level, given that it is below it now."""
    at = NODE * node
    return now if nodes[at + PRESSURE] >= level else nodes[at + ENDED + level]


def target(nodes: Ints, needs: Ints, node: int, now: int, run: int) -> int:
    """The level the node should have: what it is pushed to, or was within its restart time."""
    level = pushed(nodes, needs, node, now, run)
    restart = nodes[NODE * node + RESTART]
    if restart > 0:
        for worse in range(DOWN, level, -1):
            if relieved(nodes, node, worse, now) + restart > now:
                return worse
    return level


def soil(nodes: Ints, lists: Ints, node: int) -> None:
    """Clean up after this node."""
    if not nodes[NODE * node + MARKS] & IS_DIRTY:
        nodes[NODE * node + MARKS] |= IS_DIRTY
        lists[COUNTS + len(nodes) // NODE + lists[DIRTY]] = node
        lists[DIRTY] += 1


def touch(nodes: Ints, lists: Ints, node: int) -> None:
    """Look at this node in this minute."""
    soil(nodes, lists, node)
    if not nodes[NODE * node + MARKS] & IS_TOUCHED:
        nodes[NODE * node + MARKS] |= IS_TOUCHED
        lists[COUNTS + lists[TOUCHED]] = node
        lists[TOUCHED] += 1


def become(
    nodes: Ints, needs: Ints, links: Ints, lists: Ints, node: int, level: int, tail: int, failing: bool, record: bool
) -> int:
    """Set the state and put the nodes that may notice in the queue, whose new end is returned.

    A node for which nothing changed keeps its place in the order of a record, but is not looked at again.
    """
    at = NODE * node
    state = nodes[at + STATE]
    lost = (1 if level == DOWN else 0) - (1 if state == DOWN else 0)
    impaired = (1 if level > UP else 0) - (1 if state > UP else 0)
    nodes[at + STATE] = level
    for place in range(nodes[at + FIRST_SERVED], nodes[at + END_SERVED]):
        need = NEED * links[place]
        owner = needs[need + OWNER]
        earlier = shortage(needs, need)
        needs[need + LOST] += lost
        needs[need + IMPAIRED] += impaired
        matters = shortage(needs, need) != earlier
        if matters or (record and not failing):
            touch(nodes, lists, owner)
        else:
            soil(nodes, lists, owner)
        if record or (matters and not nodes[NODE * owner + MARKS] & IS_STALE):
            lists[tail] = owner
            tail += 1
        if matters:
            nodes[NODE * owner + MARKS] |= IS_STALE
    return tail


def settle(
    nodes: Ints, needs: Ints, links: Ints, lists: Ints, log: Ints, causes: Ints, guilty: Ints,
    now: int, run: int, failing: bool, record: bool,
) -> None:  # fmt: skip
    """Half a minute: every recovery that the present states allow, or every failure that follows from them."""
    size = len(nodes) // NODE
    head = COUNTS + 5 * size
    tail = head + lists[TOUCHED]
    if record:
        sort(lists, COUNTS, COUNTS + lists[TOUCHED])
    for place in range(lists[TOUCHED]):
        lists[head + place] = lists[COUNTS + place]
        nodes[NODE * lists[COUNTS + place] + MARKS] |= IS_STALE
    while head < tail:
        node = lists[head]
        head += 1
        at = NODE * node
        state = nodes[at + STATE]
        stale = nodes[at + MARKS] & IS_STALE
        nodes[at + MARKS] &= ~IS_STALE
        if not stale or state == (DOWN if failing else UP):
            continue
        level = target(nodes, needs, node, now, run)
        if level == state or (level > state) != failing:
            continue
        if nodes[at + BEFORE] < 0:
            nodes[at + BEFORE] = state
            lists[COUNTS + 2 * size + lists[CHANGED]] = node
            lists[CHANGED] += 1
        if record and failing:
            lists[COUNTS + 3 * size + lists[FAILED]] = node
            lists[FAILED] += 1
            causes[CHANGE * node + MINUTE] = lists[FAILED]
            blame(nodes, needs, links, lists, log, causes, guilty, node, level, now, run)
        tail = become(nodes, needs, links, lists, node, level, tail, failing, record)


def blame(
    nodes: Ints, needs: Ints, links: Ints, lists: Ints, log: Ints, causes: Ints, guilty: Ints,
    node: int, level: int, now: int, run: int,
) -> None:  # fmt: skip
    """Note why this node fails now, in its place in `causes`."""
    at, cause = NODE * node, CHANGE * node
    causes[cause + FIRST_GUILTY] = causes[cause + END_GUILTY] = log[1]
    causes[cause + KIND] = OUTAGE
    causes[cause + CAUSE_SINCE] = now
    causes[cause + THROUGH] = -1
    if nodes[at + FORCED + DOWN] or (level == DEGRADED and nodes[at + FORCED + DEGRADED]):
        return
    number = nodes[at + FIRST_NEED]
    while noticed(needs, NEED * number, now, run) < level:
        number += 1
    need = NEED * number
    causes[cause + KIND] = REQUIREMENT
    causes[cause + CAUSE_SINCE] = min(now, needs[need + BEGAN + level])
    causes[cause + THROUGH] = number
    enough = DOWN if needs[need + LOST] > needs[need + SPARE] else DEGRADED
    for place in range(needs[need + FIRST_PROVIDER], needs[need + END_PROVIDER]):
        if nodes[NODE * links[place] + STATE] >= enough:
            if log[1] >= len(guilty):
                lists[FULL] = 1
                return
            guilty[log[1]] = links[place]
            log[1] += 1
    causes[cause + END_GUILTY] = log[1]


def write(nodes: Ints, lists: Ints, log: Ints, causes: Ints, node: int, now: int) -> None:
    """Add the net change of this node in this minute to the log."""
    entry = 2 + CHANGE * log[0]
    if entry + CHANGE > len(log):
        lists[FULL] = 1
        return
    log[0] += 1
    before, after = nodes[NODE * node + BEFORE], nodes[NODE * node + STATE]
    log[entry + MINUTE] = now
    log[entry + OF_NODE] = node
    log[entry + FROM] = before
    log[entry + TO] = after
    if after > before:
        for field in range(KIND, CHANGE):
            log[entry + field] = causes[CHANGE * node + field]
    else:
        log[entry + KIND] = RESTORED
        log[entry + CAUSE_SINCE] = relieved(nodes, node, before, now)
        log[entry + THROUGH] = -1
        log[entry + FIRST_GUILTY] = log[entry + END_GUILTY] = 0


def write_minute(nodes: Ints, lists: Ints, log: Ints, causes: Ints, now: int) -> None:
    """The net changes of this minute: recoveries, then failures so that what they rest on stands before them."""
    size = len(nodes) // NODE
    first = COUNTS + 2 * size
    sort(lists, first, first + lists[CHANGED])
    for place in range(first, first + lists[CHANGED]):
        node = lists[place]
        if nodes[NODE * node + STATE] < nodes[NODE * node + BEFORE]:
            write(nodes, lists, log, causes, node, now)
    # A node that is down rests only on nodes that are down; one that is degraded may rest on either.
    for level in range(DOWN, UP, -1):
        for order in range(lists[FAILED]):
            node = lists[COUNTS + 3 * size + order]
            last = causes[CHANGE * node + MINUTE] == order + 1
            if last and nodes[NODE * node + STATE] == level > nodes[NODE * node + BEFORE]:
                write(nodes, lists, log, causes, node, now)
    lists[FAILED] = 0


def count_minutes(nodes: Ints, lists: Ints, now: int) -> None:
    """Add up how long the nodes that change now were in their earlier state."""
    first = COUNTS + 2 * (len(nodes) // NODE)
    for place in range(first, first + lists[CHANGED]):
        at = NODE * lists[place]
        before = nodes[at + BEFORE]
        if before != nodes[at + STATE]:
            if before != UP:
                nodes[at + MINUTES + before] += now - nodes[at + SINCE]
            nodes[at + SINCE] = now
        nodes[at + BEFORE] = -1
    lists[CHANGED] = 0


def remember(
    nodes: Ints, needs: Ints, lists: Ints, heap: Ints, node: int, now: int, horizon: int, run: int, record: bool
) -> None:  # fmt: skip
    """Close the minute for this node: start or stop its buffers and its restart.

    What it is pushed to is that of `pushed`, on the way through the same requirements.
    """
    size = len(nodes) // NODE
    at = NODE * node
    level = DOWN if nodes[at + FORCED + DOWN] else DEGRADED if nodes[at + FORCED + DEGRADED] else UP
    for number in range(nodes[at + FIRST_NEED], nodes[at + END_NEED]):
        need = NEED * number
        felt = shortage(needs, need)
        if felt != UP and not is_felt(needs, need, run):
            felt = UP
        autonomy = needs[need + AUTONOMY]
        if autonomy > 0 or record:
            starts = False
            for worse in range(DEGRADED, DOWN + 1):
                if felt < worse:
                    needs[need + BEGAN + worse] = NEVER
                elif needs[need + BEGAN + worse] == NEVER:
                    needs[need + BEGAN + worse] = now
                    starts = True
            if starts and autonomy > 0 and now + autonomy < horizon:
                push(heap, lists, ((now + autonomy) * size + node) * _KINDS)
            while autonomy > 0 and felt != UP and needs[need + BEGAN + felt] + autonomy > now:
                felt -= 1
        level = max(level, felt)
    if level < nodes[at + PRESSURE]:
        for worse in range(level + 1, nodes[at + PRESSURE] + 1):
            nodes[at + ENDED + worse] = now
        again = now + nodes[at + RESTART]
        if now < again < horizon:
            push(heap, lists, (again * size + node) * _KINDS)
    nodes[at + PRESSURE] = level


def play(
    nodes: Ints, needs: Ints, links: Ints, lists: Ints, heap: Ints, log: Ints, causes: Ints, guilty: Ints,
    outages: Ints, first: int, end: int, horizon: int, run: int, record: bool,
) -> None:  # fmt: skip
    """Play the outages numbered from `first` up to `end`, each four numbers: node, level, first minute, end."""
    size = len(nodes) // NODE
    for outage in range(4 * first, 4 * end, 4):
        for edge in range(2):
            minute = outages[outage + 2 + edge]
            if minute < horizon:
                push(heap, lists, (minute * size + outages[outage]) * _KINDS + 2 * outages[outage + 1] - 1 + edge)
    span = _KINDS * size
    while heap[0] > 0 and lists[FULL] == 0:
        now = heap[1] // span
        while heap[0] > 0 and heap[1] < (now + 1) * span:
            event = pop(heap) - now * span
            node = event // _KINDS
            kind = event - node * _KINDS
            if kind > 0:
                nodes[NODE * node + FORCED + (kind + 1) // 2] += 1 if kind & 1 else -1
            touch(nodes, lists, node)
        for half in range(2):
            settle(nodes, needs, links, lists, log, causes, guilty, now, run, half == 1, record)
        if record:
            write_minute(nodes, lists, log, causes, now)
        count_minutes(nodes, lists, now)
        for place in range(COUNTS, COUNTS + lists[TOUCHED]):
            node = lists[place]
            nodes[NODE * node + MARKS] &= ~IS_TOUCHED
            remember(nodes, needs, lists, heap, node, now, horizon, run, record)
        lists[TOUCHED] = 0


def clean(nodes: Ints, needs: Ints, lists: Ints, heap: Ints) -> None:
    """Leave no trace of a run."""
    first = COUNTS + len(nodes) // NODE
    for place in range(first, first + lists[DIRTY]):
        at = NODE * lists[place]
        nodes[at + STATE] = nodes[at + MARKS] = nodes[at + PRESSURE] = nodes[at + SINCE] = 0
        for level in range(DEGRADED, DOWN + 1):
            nodes[at + FORCED + level] = nodes[at + MINUTES + level] = 0
            nodes[at + ENDED + level] = -NEVER
        for number in range(nodes[at + FIRST_NEED], nodes[at + END_NEED]):
            need = NEED * number
            needs[need + LOST] = needs[need + IMPAIRED] = needs[need + FELT] = 0
            needs[need + BEGAN + DEGRADED] = needs[need + BEGAN + DOWN] = NEVER
    lists[DIRTY] = lists[FULL] = heap[0] = 0


def trace(
    nodes: Ints, needs: Ints, links: Ints, lists: Ints, heap: Ints, log: Ints, causes: Ints, guilty: Ints,
    outages: Ints, horizon: int,
) -> bool:  # fmt: skip
    """One run with its log. False when `heap`, `log` or `guilty` was too short: try again with longer ones."""
    log[0] = log[1] = 0
    play(
        nodes, needs, links, lists, heap, log, causes, guilty,
        outages, 0, len(outages) // 4, horizon, -1, True,
    )  # fmt: skip
    done: bool = lists[FULL] == 0
    clean(nodes, needs, lists, heap)
    return done


def batch(
    nodes: Ints, needs: Ints, links: Ints, lists: Ints, heap: Ints, outages: Ints, runs: Ints, horizon: int,
    chance: int, first: int, found: Ints,
) -> tuple[int, int]:  # fmt: skip
    """Many runs. Each gives four numbers for every node that was not up: run, node, minutes degraded, minutes down.

    Run i plays the outages numbered from `runs[i]` up to `runs[i + 1]`, and draws as run `chance + i`, or feels every
    requirement when `chance` is below 0. Begins at run `first`. Returns the run to go on with and the length of what
    was `found`; that run is the first one again when `heap` or `found` is too short for it.
    """
    size = len(nodes) // NODE
    length = 0
    for run in range(first, len(runs) - 1):
        play(
            nodes, needs, links, lists, heap, outages, outages, outages,
            outages, runs[run], runs[run + 1], horizon, chance + run if chance >= 0 else -1, False,
        )  # fmt: skip
        if lists[FULL] or length + 4 * lists[DIRTY] > len(found):
            clean(nodes, needs, lists, heap)
            return run, length
        for place in range(COUNTS + size, COUNTS + size + lists[DIRTY]):
            at = NODE * lists[place]
            state = nodes[at + STATE]
            if state != UP:
                nodes[at + MINUTES + state] += horizon - nodes[at + SINCE]
            if nodes[at + MINUTES + DEGRADED] or nodes[at + MINUTES + DOWN]:
                found[length] = run
                found[length + 1] = lists[place]
                found[length + 2] = nodes[at + MINUTES + DEGRADED]
                found[length + 3] = nodes[at + MINUTES + DOWN]
                length += 4
        clean(nodes, needs, lists, heap)
    return len(runs) - 1, length
