"""The table of powers and the scale of escalation: complete, sourced, and in a useful order."""

from hashlib import sha256
from itertools import product
from pathlib import Path

import pytest

import brandwacht.engines.authority as authority
from brandwacht.engines.authority import GENERAL, Power, load_escalation, load_powers

POWERS = load_powers()
BOARD = [role.key for role in POWERS.roles.values() if role.board]
DATA = Path(authority.__file__).parent / "data"


@pytest.mark.parametrize("row", POWERS.rows, ids=lambda row: f"{row.key}-{row.scenario}-{row.phase}")
def test_every_row_has_a_source_and_a_basis_or_a_lever(row: Power) -> None:
    assert row.source.url.startswith("https://") or row.source.key == "afspraken"
    assert row.source.how
    assert row.basis if row.may else row.lever
    assert "te bevestigen" in row.status
    assert row.role_label
    assert row.table_label


@pytest.mark.parametrize(("scenario", "phase", "role"), list(product(POWERS.scenarios, POWERS.phases, BOARD)))
def test_every_administrator_finds_an_answer_in_every_situation(scenario: str, phase: str, role: str) -> None:
    assert POWERS.who(scenario, phase, [role])


def test_the_roles_of_the_brief_are_there() -> None:
    assert set(BOARD) == {
        "burgemeester",
        "voorzitter_veiligheidsregio",
        "regioburgemeester",
        "bestuur_veiligheidsregio",
        "college",
        "gemeentesecretaris",
        "raad",
    }
    assert set(POWERS.phases) == {"koud", "lauw", "warm"}
    assert set(POWERS.scenarios) == {"algemeen", "eigen_organisatie", "haven", "telecom", "keten"}


def test_own_rows_come_before_general_ones_and_powers_before_their_lack() -> None:
    rows = POWERS.who("haven", "warm")
    roles = [row.role for row in rows]
    assert roles == sorted(roles, key=list(POWERS.roles).index)
    for role in set(roles):
        of_role = [(row.scenario == GENERAL, not row.may) for row in rows if row.role == role]
        assert of_role == sorted(of_role)


def test_the_chair_takes_over_when_it_is_more_than_local() -> None:
    rows = POWERS.who("telecom", "warm", ["voorzitter_veiligheidsregio"])
    assert any(row.may and row.basis == "Wet veiligheidsregio's, artikel 39, eerste lid" for row in rows)
    assert not any("39" in row.basis and row.may for row in POWERS.who("telecom", "warm", ["burgemeester"]))


def test_nobody_in_the_region_may_command_a_telecom_provider() -> None:
    rows = [row for row in POWERS.who("telecom", "warm") if row.may and "Telecommunicatiewet" in row.basis]
    assert {row.role for row in rows} == {"minister_ez"}


def test_general_alone_gives_each_row_once() -> None:
    rows = POWERS.who(GENERAL, "warm")
    assert len({row.key for row in rows}) == len(rows)
    assert {row.scenario for row in rows} == {GENERAL}


@pytest.mark.parametrize(
    ("scenario", "phase", "roles"), [("brand", "warm", None), ("haven", "heet", None), ("haven", "warm", ["koning"])]
)
def test_unknown_names_raise(scenario: str, phase: str, roles: list[str] | None) -> None:
    with pytest.raises(KeyError):
        POWERS.who(scenario, phase, roles)


def test_version_and_fingerprint_are_those_of_the_file() -> None:
    assert POWERS.version
    assert POWERS.fingerprint == sha256((DATA / "bevoegdheden.yaml").read_bytes()).hexdigest()


def test_every_source_is_used() -> None:
    assert {row.source.key for row in POWERS.rows} == set(POWERS.header.sources)


def test_escalation_goes_from_one_to_five() -> None:
    escalation = load_escalation()
    assert [level.key for level in escalation.levels] == [f"grip_{number}" for number in range(1, 6)]
    assert [level.table for level in escalation.levels[2:4]] == ["gbt", "rbt"]
    minutes = {time.key: time.minutes for time in escalation.norm_times}
    assert minutes["alarmering"] == 2
    assert minutes["copi"] == 30
    assert minutes["gbt"] == 60
    assert list(minutes.values()) == sorted(minutes.values())
