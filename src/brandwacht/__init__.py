"""Brandwacht: the digital-resilience system of the Dutch safety regions."""
