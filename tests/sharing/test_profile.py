"""The asset profile: by hand, from a table whole or not at all, and out again."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from brandwacht.network.errors import Refused
from brandwacht.network.services import imports
from brandwacht.network.services.imports import table_kind
from brandwacht.network.tenancy import every_owner
from brandwacht.sharing.models import ProfileAsset
from brandwacht.sharing.services import profile
from tests.sharing.advisories import Sector
from tests.sharing.conftest import Persona
from tests.world import acting

pytestmark = pytest.mark.django_db
HEADER = "product;leverancier;versie;waar;cpe;purl;uit gebruik"


@pytest.fixture
def sector() -> Sector:
    return Sector("VR15")


def offer(sector: Sector, *rows: str) -> tuple[list[str], str]:
    """Offer a table and have it done: what is wrong by row, or what was done."""
    with acting(sector.cisos["VR15"].actor) as me:
        content = "\n".join([HEADER, *rows]).encode()
        offered = imports.offer(me, table_kind(profile.TABLE), "foto.csv", content)
        if offered.problems:
            return [f"{each['row']} {each['column']}" for each in offered.problems], ""
        return [], imports.apply(me, offered.public_id)[1]


def rows() -> list[tuple[str, str, bool]]:
    """Name, version and whether it is in use."""
    with every_owner():
        return [
            (each.name, each.running, each.ended_at is None) for each in ProfileAsset.objects.order_by("name", "place")
        ]


def test_a_table_adds_renews_and_ends(sector: Sector) -> None:
    assert offer(
        sector, "FortiOS;Fortinet;7.2.4;FW1;;;", "FortiOS;Fortinet;7.4.1;FW2;;;", ";;;;;pkg:npm/express@4.19.0;"
    )
    assert set(rows()) == {
        ("Fortinet FortiOS", "7.2.4", True), ("Fortinet FortiOS", "7.4.1", True),
        ("pkg:npm/express@4.19.0", "4.19.0", True),
    }  # fmt: skip
    problems, done = offer(sector, "fortios;FORTINET;7.2.9;fw1;;;", "FortiOS;Fortinet;7.4.1;FW2;;;ja")
    assert (problems, done) == ([], "0 toegevoegd, 2 bijgewerkt, waarvan 1 uit gebruik.")
    assert {("Fortinet FortiOS", "7.4.1", False), ("FORTINET fortios", "7.2.9", True)} < set(rows())


def test_a_bad_row_is_named_and_nothing_is_written(sector: Sector) -> None:
    problems, _done = offer(
        sector, "FortiOS;Fortinet;7.2.4;;;;", ";Fortinet;;;;;", "X;;;;geen cpe;;", "Y;;;;;geen purl;",
        "FortiOS;Fortinet;7.0;;;;", "Z;;;;;;misschien",
    )  # fmt: skip
    assert problems == ["3 product", "4 cpe", "5 purl", "6 product", "7 uit gebruik"]
    assert rows() == []


def test_by_hand(sector: Sector) -> None:
    row = sector.runs("VR15", place="FW1")
    with acting(sector.cisos["VR15"].actor) as me:
        with pytest.raises(Refused, match="staat er al"):
            profile.add(me, {"product": "fortios", "vendor": "fortinet", "place": "fw1", "version": "8"})
        with pytest.raises(Refused, match="CPE"):
            profile.add(me, {"cpe": "cpe:onzin"})
        other = profile.add(me, {"product": "FortiOS", "vendor": "Fortinet", "place": "FW2"})
        with pytest.raises(Refused, match="staat er al"):
            profile.change(me, other.public_id, {"product": "FortiOS", "vendor": "Fortinet", "place": "FW1"})
        profile.end(me, row.public_id, "Vervangen")
        for again in (profile.end, lambda who, key, _why: profile.change(who, key, {"product": "X"})):
            with pytest.raises(Refused, match="uit gebruik"):
                again(me, row.public_id, "")
        back = profile.add(me, {"product": "FortiOS", "vendor": "Fortinet", "place": "FW1", "version": "7.6"})
    assert back.pk == row.pk
    assert {each[1:] for each in rows()} == {("7.6", True), ("", True)}


def test_what_goes_out_can_come_in_again(sector: Sector, browse: Callable[[Persona | None], Client]) -> None:
    sector.runs("VR15", place="FW1")
    sector.runs("VR15", product="Windows Server 2022", vendor="Microsoft", version="")
    before = rows()
    browser = browse(sector.cisos["VR15"])
    out = browser.get(reverse("sharing:profile-export")).content.decode("utf-8-sig")
    assert out.splitlines()[0] == HEADER
    problems, done = offer(sector, *out.splitlines()[1:])
    assert (problems, done, rows()) == ([], "0 toegevoegd, 2 bijgewerkt, waarvan 0 uit gebruik.", before)
    book = browser.get(reverse("sharing:profile-export") + "?vorm=xlsx").content
    with acting(sector.cisos["VR15"].actor) as me:
        assert imports.offer(me, table_kind(profile.TABLE), "foto.xlsx", book).problems == []


def test_pages_of_the_profile(sector: Sector, browse: Callable[[Persona | None], Client]) -> None:
    row = sector.runs("VR15", place="FW1")
    browser = browse(sector.cisos["VR15"])
    made = browser.post(reverse("sharing:asset-new"), {"product": "ESXi", "vendor": "VMware"}, follow=True)
    assert "VMware ESXi staat in uw profiel" in made.content.decode()
    assert browser.post(reverse("sharing:asset-new"), {"product": "ESXi", "vendor": "VMware"}).status_code == 422
    changed = {"product": "FortiOS", "vendor": "Fortinet", "place": "FW1", "version": "7.2.9"}
    assert browser.post(reverse("sharing:asset", args=[row.public_id]), changed).status_code == 302
    assert browser.post(reverse("sharing:asset", args=[row.public_id]), {}).status_code == 422
    found = browser.get(reverse("sharing:profile") + "?q=fw1").content.decode()
    assert "7.2.9" in found
    assert "VMware" not in found
    assert browser.post(reverse("sharing:asset-end", args=[row.public_id]), {"why": "x" * 201}).status_code == 422
    assert browser.post(reverse("sharing:asset-end", args=[row.public_id]), {"why": "Weg"}).status_code == 302
    assert "Uit gebruik" in browser.get(reverse("sharing:profile") + "?ended=on").content.decode()
    assert "Fortinet" in browse(sector.cert).get(reverse("sharing:profile") + "?ended=on").content.decode()
