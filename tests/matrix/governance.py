"""Rows of governance."""

from __future__ import annotations

from tests.matrix.rows import ALL, Row, part

BOARD = (part("governance:board", right="chair"), Row("governance:powers", right="chair", **ALL))
