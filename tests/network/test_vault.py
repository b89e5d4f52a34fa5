"""Secrets of others: kept so that the database alone gives nothing."""

from __future__ import annotations

import pytest
from django.test import override_settings

from brandwacht.network import vault
from brandwacht.network.errors import Refused


def test_a_secret_comes_back_and_does_not_stand_in_what_is_kept() -> None:
    kept = vault.keep("héél geheim")
    assert vault.use(kept) == "héél geheim"
    assert "geheim" not in kept
    assert vault.keep("héél geheim") != kept


def test_another_key_reads_nothing_unless_the_old_one_is_named() -> None:
    kept = vault.keep("x")
    with override_settings(SECRET_KEY="nieuw"), pytest.raises(Refused, match="opnieuw"):
        vault.use(kept)
    from django.conf import settings

    with override_settings(SECRET_KEY="nieuw", SECRET_KEY_FALLBACKS=[settings.SECRET_KEY]):
        assert vault.use(kept) == "x"


@pytest.mark.parametrize("damaged", ["", "x", "gAAAAA", "é"])
def test_damage_is_told(damaged: str) -> None:
    with pytest.raises(Refused):
        vault.use(damaged)
