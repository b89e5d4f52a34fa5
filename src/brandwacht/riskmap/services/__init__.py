"""The writes of the risk map: use cases that rooms above may call too."""

from brandwacht.riskmap.services.cascades import (
    keep_as_scenario,
    remove_scenario,
    run_cascade,
    run_scenario,
    save_scenario,
    try_out,
)

__all__ = [
    "keep_as_scenario",
    "remove_scenario",
    "run_cascade",
    "run_scenario",
    "save_scenario",
    "try_out",
]
