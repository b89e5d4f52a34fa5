"""The same rules as the engine, minute by minute and straight from the formulas: slow, and easy to check by eye."""

from brandwacht.engines.cascade import STATES, Map, Outage, Requirement, State

Levels = dict[str, int]


def play(network: Map, outages: list[Outage], horizon: int) -> list[dict[str, State]]:
    """The states of every node in every minute."""
    shortages: dict[tuple[str, str], list[int]] = {(need.node, need.label): [] for need in network.requirements}
    pushes: dict[str, list[int]] = {node.key: [] for node in network.nodes}
    levels: Levels = {node.key: 0 for node in network.nodes}
    states = []
    for minute in range(horizon):

        def settle(levels: Levels, *, failing: bool, minute: int = minute) -> Levels:
            while True:
                target = {node.key: wanted(node.key, levels, minute) for node in network.nodes}
                pick = max if failing else min
                moved = {key: pick(levels[key], target[key]) for key in levels}
                if moved == levels:
                    return levels
                levels = moved

        def pushed(key: str, levels: Levels, minute: int) -> int:
            felt = [
                # Before minute 0 nothing was short.
                min([*window(shortages[key, need.label], need.autonomy, minute), shortage(need, levels)])
                for need in network.needs(key)
            ]
            return max([forced(network, outages, key, minute), *felt])

        def wanted(key: str, levels: Levels, minute: int) -> int:
            earlier = window(pushes[key], network.node(key).restart, minute)
            return max([*earlier, pushed(key, levels, minute)])

        levels = settle(settle(levels, failing=False), failing=True)
        for need in network.requirements:
            shortages[need.node, need.label].append(shortage(need, levels))
        for key, history in pushes.items():
            history.append(pushed(key, levels, minute))
        states.append({key: STATES[level] for key, level in levels.items()})
    return states


def window(history: list[int], length: int, minute: int) -> list[int]:
    """The values in [minute - length, minute - 1]; 0 before the start."""
    return [history[at] if at >= 0 else 0 for at in range(minute - length, minute)]


def shortage(need: Requirement, levels: Levels) -> int:
    if not need.coupling:
        return 0
    work = sum(levels[provider] < 2 for provider in need.providers)
    in_order = sum(levels[provider] < 1 for provider in need.providers)
    if work < need.needed:
        return STATES.index(need.effect)
    return int(in_order < need.needed or (need.degraded_at is not None and work < need.degraded_at))


def forced(network: Map, outages: list[Outage], key: str, minute: int) -> int:
    worst = 0
    for outage in outages:
        lasts = network.node(key).repair if outage.duration is None else outage.duration
        if outage.node == key and outage.start <= minute and (lasts is None or minute < outage.start + lasts):
            worst = max(worst, STATES.index(outage.state))
    return worst
