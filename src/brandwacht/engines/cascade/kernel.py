"""The simulation itself, over flat arrays of whole numbers: the same functions compiled and in pure Python.

Only what numba can compile stands here; see `compiled.py`. Arrays are lists in pure Python. The rules are those of
README.md. A run touches only what changes, and leaves the arrays as it found them: all up, all buffers full.

`nodes` holds a record of `NODE` numbers per node, `needs` one of `NEED` per requirement; the requirements of a node
stand side by side. `links` holds for every node the requirements that name it, and for every requirement its
providers. `lists` holds five counts and the flag `FULL`, then room for the lists of one minute (`list_room`). `heap`
holds the events to come. `records.py` says what stands where in them. They are few and flat, as a compiled function
pays for every array that it is given.

With `record` every change is written down with its cause, and nodes are visited in one fixed order, on which the causes
depend where several would do. Without, only minutes are counted, and what can not matter is skipped: the states are the
same, as they do not depend on the order (docs/decisions/0005-cascade-semantics.md).
"""

from typing import Final

from .draws import WORD, scramble
from .records import (
    AUTONOMY,
    BEFORE,
    BEGAN,
    CAUSE_SINCE,
    CERTAIN,
    CHANGE,
    CHANGED,
    COUNTS,
    DEGRADED,
    DIRTY,
    DOWN,
    EFFECT,
    END_GUILTY,
    END_NEED,
    END_PROVIDER,
    END_SERVED,
    ENDED,
    FAILED,
    FELT,
    FIRST_GUILTY,
    FIRST_NEED,
    FIRST_PROVIDER,
    FIRST_SERVED,
    FORCED,
    FROM,
    FULL,
    IMPAIRED,
    IS_DIRTY,
    IS_STALE,
    IS_TOUCHED,
    KEY0,
    KEY1,
    KIND,
    LOST,
    MARKS,
    MINUTE,
    MINUTES,
    NEED,
    NEVER,
    NODE,
    ODDS,
    OF_NODE,
    OUTAGE,
    OWNER,
    PRESSURE,
    REQUIREMENT,
    RESTART,
    RESTORED,
    SINCE,
    SPARE,
    STATE,
    THROUGH,
    TO,
    TOUCHED,
    UNNOTICED,
    UP,
    Ints,
    pop,
    push,
    sort,
)

_KINDS: Final = 5  # of event: 0 look again, 2 * level - 1 an outage begins, 2 * level it ends


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
