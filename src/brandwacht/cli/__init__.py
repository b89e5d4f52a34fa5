"""The ``brandwacht`` command: a thin face over the same use cases as the pages."""
