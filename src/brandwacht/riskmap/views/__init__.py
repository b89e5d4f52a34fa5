"""The pages of the risk map."""
