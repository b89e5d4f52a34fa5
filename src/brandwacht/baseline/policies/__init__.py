"""The rows of the policy table, by subject; `policy.py` and `registry.py` declare them."""
