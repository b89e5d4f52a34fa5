"""`brandwacht init` and `brandwacht demo`: the first administrator, and what is refused."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from django.test import Client
from django.utils import timezone

from brandwacht.cli.setup import demo
from brandwacht.cli.setup import init as command
from brandwacht.network.models import AuditEntry, Organisation, RoleAssignment, User
from brandwacht.network.roles import Role
from brandwacht.network.tenancy import every_owner
from tests.cli.test_main import brandwacht
from tests.site.accounts import log_in
from tests.world import organisation, person

GOOD = "paarse-olifant-op-zolder"


def init(code: str = "vr17", email: str = "Beheer@VR17.example", name: str = "B. Heer", password: str = GOOD) -> Result:
    arguments = ["--organisation", code, "--email", email, "--name", name]
    return CliRunner().invoke(command, [*arguments, "--password", password] if password else arguments)


def assignments() -> list[tuple[str, str, str]]:
    with every_owner():
        return list(RoleAssignment.objects.values_list("user__email", "organisation__code", "role").order_by("pk"))


@pytest.mark.django_db
def test_the_first_administrator_can_log_in(client: Client) -> None:
    answer = init()
    assert answer.exit_code == 0, answer.output
    assert "B. Heer is beheerder van VR17" in answer.output
    assert Organisation.objects.count() > 360
    assert assignments() == [("beheer@vr17.example", "VR17", Role.ADMIN)]
    with every_owner():
        assert AuditEntry.objects.filter(action="people.assign", organisation__code="VR17").exists()
    assert log_in(client, User.objects.get(), GOOD).status_code == 302
    assert client.get("/beheer/mensen").status_code == 200


@pytest.mark.django_db
def test_again_changes_nothing() -> None:
    init()
    before = User.objects.get().password
    answer = init(name="Iemand anders", password="een-heel-ander-wachtwoord")
    assert answer.exit_code == 0
    assert "is al beheerder van VR17" in answer.output
    assert len(assignments()) == 1
    assert User.objects.get().password == before


@pytest.mark.django_db
def test_a_second_administrator_and_a_known_account() -> None:
    init()
    ciso = person(organisation("VR15"), Role.CISO)
    before = ciso.password
    answer = init("VR15", ciso.email, "Andere naam")
    assert f"{ciso.name} is beheerder van VR15" in answer.output
    assert "had al een account" in answer.output
    ciso.refresh_from_db()
    assert ciso.password == before
    assert init("VR17", "tweede@vr17.example", "Tweede").exit_code == 0
    assert len(assignments()) == 4


@pytest.mark.django_db
def test_without_a_password_it_says_how_to_get_one() -> None:
    answer = init(password="")
    assert answer.exit_code == 0
    assert "Wachtwoord vergeten" in answer.output
    assert not User.objects.get().has_usable_password()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"code": "VR99"}, "Organisatie VR99 is niet bekend."),
        ({"email": "geen adres"}, "Dit is geen geldig e-mailadres."),
        ({"name": " "}, "Vul de naam in"),
        ({"password": "kort"}, "Kies er een van ten minste 14 tekens."),
        ({"password": "password123456"}, "Dit wachtwoord gebruiken veel mensen."),
        ({"email": "willem.vandenberg@vr17.example", "password": "willem.vandenberg"}, "lijkt te veel op uw naam"),
    ],
    ids=["organisation", "mail", "name", "short", "common", "own name"],
)
def test_what_is_refused_says_why_and_leaves_no_account(given: dict[str, str], said: str) -> None:
    answer = init(**given)
    assert answer.exit_code in (1, 2)
    assert said in answer.output
    assert assignments() == []
    assert not User.objects.exists()


@pytest.mark.django_db
def test_the_demo_asks_for_its_switch() -> None:
    answer = CliRunner().invoke(demo)
    assert answer.exit_code == 2
    assert "Zet BRANDWACHT_DEMO=1" in answer.output
    assert not User.objects.exists()


def test_a_fresh_folder_becomes_an_installation_for_its_owner_only(tmp_path: Path) -> None:
    folder = tmp_path / "nieuw" / "gegevens"
    given = ("--organisation", "VR17", "--email", "b@vr17.example", "--name", "B. Heer", "--password", GOOD)
    for said in ("B. Heer is beheerder van VR17", "is al beheerder"):
        answer = brandwacht("init", *given, BRANDWACHT_DATA=str(folder))
        assert answer.returncode == 0, answer.stderr
        assert said in answer.stdout
    assert folder.stat().st_mode & 0o777 == 0o700
    found = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*")}
    assert {"brandwacht.sqlite3", "secret-key"} <= set(found)
    for name, path in found.items():
        assert path.stat().st_mode & 0o077 == 0, name
    with sqlite3.connect(folder / "brandwacht.sqlite3") as database:
        ((since,),) = database.execute("SELECT valid_from FROM network_roleassignment").fetchall()
    assert since == timezone.localdate().isoformat()
