"""Who may come into the workbench, and who may not."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from settable_clock import SettableClock

from sigap.editor.access import AccessError, Door, Role, Users

PASSWORD = "kuda-baterai-staples"


@pytest.fixture
def door(tmp_path: Path, clock: SettableClock) -> Door:
    users = Users(tmp_path / "editors.json")
    users.add("Sari", Role.PENERBIT, PASSWORD)
    return Door(users, clock)


def test_the_right_password_opens_a_session_with_name_and_role(door: Door) -> None:
    person = door.person(door.enter("Sari", PASSWORD))
    assert person is not None
    assert (person.name, person.role) == ("Sari", Role.PENERBIT)


@pytest.mark.parametrize(("name", "password"), [("Sari", "salah-sama-sekali"), ("Budi", PASSWORD), ("", "")])
def test_a_wrong_pair_is_refused_without_saying_which_part_is_wrong(door: Door, name: str, password: str) -> None:
    with pytest.raises(AccessError, match="Nama atau kata sandi keliru"):
        door.enter(name, password)


def test_after_five_wrong_passwords_even_the_right_one_waits(door: Door, clock: SettableClock) -> None:
    for _ in range(5):
        with pytest.raises(AccessError):
            door.enter("Sari", "salah-sama-sekali")
    with pytest.raises(AccessError, match="Tunggu"):
        door.enter("Sari", PASSWORD)
    clock.now += timedelta(minutes=6)
    assert door.enter("Sari", PASSWORD)


def test_a_session_ends_by_leaving_and_after_a_working_day(door: Door, clock: SettableClock) -> None:
    left, kept = door.enter("Sari", PASSWORD), door.enter("Sari", PASSWORD)
    door.leave(left)
    assert door.person(left) is None
    assert door.person(kept) is not None
    clock.now += timedelta(hours=11)
    assert door.person(kept) is None
    assert door.person(None) is None


def test_passwords_are_kept_as_hashes_in_a_file_for_its_owner_alone(door: Door) -> None:
    assert PASSWORD not in door.users.path.read_text(encoding="utf-8")
    assert door.users.path.stat().st_mode & 0o077 == 0


def test_a_short_password_is_refused(door: Door) -> None:
    with pytest.raises(AccessError, match="paling sedikit"):
        door.users.add("Budi", Role.PEMBACA, "pendek")
