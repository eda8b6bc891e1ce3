"""Accounts and photos are backed up with the log they lie beside."""

from __future__ import annotations

from pathlib import Path

import apsw
from unit.store.toy_desk import SAMPLES, write_log

from kuaifan.store.accounts import Account, Accounts, accounts_path
from kuaifan.store.backup import Shipper
from kuaifan.store.master_key import default_key_path
from kuaifan.store.photos import default_photo_folder
from kuaifan.store.restore import RestoreOptions, restore_log

SESSION = "INSERT INTO sessions VALUES ('t', 'li', 'password', '', 1, 1, 1, 99, 0, '', 0)"


def test_accounts_come_back_and_nobody_is_logged_on(tmp_path: Path) -> None:
    path, folder, back = tmp_path / "log.db", tmp_path / "backup", tmp_path / "new" / "log.db"
    write_log(path, SAMPLES)
    accounts = Accounts(accounts_path(path))
    accounts.put(Account(name="li", display_name="Li", roles=("dispatcher",)))
    connection = apsw.Connection(str(accounts_path(path)))
    connection.execute(SESSION)
    connection.close()
    with Shipper(path, folder) as shipper:
        shipper.ship()  # while they are open
    accounts.close()
    back.parent.mkdir()
    restore_log(folder, back, RestoreOptions(key_path=default_key_path(path)))
    restored = Accounts(accounts_path(back))
    found = restored.find("li")
    restored.close()
    assert found is not None
    assert found.roles == ("dispatcher",)
    connection = apsw.Connection(str(accounts_path(back)))
    assert connection.execute("SELECT count(*) FROM sessions").get == 0
    connection.close()
    assert accounts_path(back).stat().st_mode & 0o077 == 0
    restore_log(folder, back.with_name("b.db"), RestoreOptions(key_path=default_key_path(path)))


def test_whole_photos_come_back_and_half_ones_do_not(tmp_path: Path) -> None:
    path, folder, back = tmp_path / "log.db", tmp_path / "backup", tmp_path / "back.db"
    write_log(path, SAMPLES)
    photos = default_photo_folder(path)
    photos.mkdir()
    with Shipper(path, folder) as shipper:
        shipper.ship()
        for name in ("a.json", "a.photo", "b.json", "b.part"):
            (photos / name).write_bytes(name.encode())
        shipper.ship()
    report = restore_log(folder, back, RestoreOptions(key_path=default_key_path(path)))
    assert report.n_photos == 1
    kept = sorted(default_photo_folder(back).iterdir())
    assert [(each.name, each.read_bytes()) for each in kept] == [
        ("a.json", b"a.json"),
        ("a.photo", b"a.photo"),
    ]
