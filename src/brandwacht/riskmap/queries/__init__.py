"""Reads of the risk map, already restricted to what the actor may see; rooms above use only these."""

from brandwacht.riskmap.queries.nodes import (
    NODE_SORTS,
    SCENARIO,
    Exposed,
    NodeFilter,
    Process,
    exposed_by_node,
    exposed_processes,
    latest_run,
    listed_nodes,
    maps,
    node,
    run,
    run_or_scenario,
    runs,
    scenarios,
)

__all__ = [
    "NODE_SORTS",
    "SCENARIO",
    "Exposed",
    "NodeFilter",
    "Process",
    "exposed_by_node",
    "exposed_processes",
    "latest_run",
    "listed_nodes",
    "maps",
    "node",
    "run",
    "run_or_scenario",
    "runs",
    "scenarios",
]
