"""The API at ``/api/v1``, after the NLGov REST API Design Rules 2.1.

Each room has its own router in ``<room>/api.py``; this package holds what all share: the version, log-in by token or
session, errors as ``application/problem+json`` (RFC 9457), camelCase keys, and the OpenAPI 3.1 document.
"""

from brandwacht.site.api.build import api

__all__ = ["api"]
