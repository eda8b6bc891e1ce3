"""The door of a served desk (登录入口): accounts beside the log, every act an entry of the log."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import TYPE_CHECKING, Final

import msgspec

from kuaifan.app.live_desk import LiveDesk
from kuaifan.app.printing import print_problem, print_progress
from kuaifan.gateway.oidc import OidcProvider, read_oidc
from kuaifan.kernel.inbox import InboxFullError
from kuaifan.kernel.journal import StorageError
from kuaifan.kernel.message import Command
from kuaifan.store.log_error import LogError
from kuaifan.vocabulary.access import ChangeAccount, ReleasePerson
from kuaifan.web.gate import LOCAL_HOSTS, Door
from kuaifan.web.problems import Problem, unknown_outcome

if TYPE_CHECKING:
    from kuaifan.app.account_desk import AccountDesk

ANSWER_S: Final = 20.0
SWEEP_S: Final = 5.0
SECOND_FACTORS: Final = ("all", "admins", "none")


class DoorOptions(msgspec.Struct, frozen=True, kw_only=True):
    """How people come in (登录选项).

    second_factor: of whom it is asked: all, admins or none. hosts: names that the desk is served
    as, beside this machine's own. oidc_file: how to log on at the city's identity service.
    """

    second_factor: str = "admins"
    hosts: tuple[str, ...] = ()
    oidc_file: Path | None = None


class ServedDoor:
    """A door and its housekeeping (门与内务): what the command line left is written down."""

    def __init__(self, options: DoorOptions, log: Path, desk: LiveDesk) -> None:
        # Argon2 and its like are for desks with a door only: a bench starts without.
        from kuaifan.app.account_desk import AccountDesk
        from kuaifan.store.accounts import Accounts, accounts_path
        from kuaifan.store.master_key import default_key_path, load_key

        self._desk = desk
        self.people: AccountDesk = AccountDesk(
            Accounts(accounts_path(log)),
            self._tell,
            master_key=load_key(default_key_path(log)),
            second_factor=options.second_factor,
        )
        elsewhere = options.oidc_file and OidcProvider(read_oidc(options.oidc_file))
        self.door = Door(self.people, (*LOCAL_HOSTS, *options.hosts), elsewhere or None)
        self._is_stopping = threading.Event()
        self._thread = threading.Thread(target=self._keep_house, name="door", daemon=True)

    def start(self) -> None:
        """Begin to keep house."""
        self._thread.start()

    def stop(self) -> None:
        """End it, and close the accounts."""
        self._is_stopping.set()
        if self._thread.is_alive():
            self._thread.join()
        self.people.accounts.close()

    def say_first_link(self, url: str) -> None:
        """On the very first start: how the first administrator gets in; nobody has a password."""
        link = self.people.first_link()
        if link is not None:
            print_progress(
                "no account yet: open this link within an hour and make the security "
                "administrator 首次启动，请在一小时内打开并设置安全管理员：\n"
                f"  {url}/login#link={link}&first=1"
            )

    def write_notes(self) -> None:
        """Write down what was done while the desk did not run, or beside it."""
        for note_no, actor, text in self.people.accounts.list_notes():
            self._tell(msgspec.json.decode(text, type=ChangeAccount | ReleasePerson), actor)
            self.people.accounts.drop_note(note_no)

    def _keep_house(self) -> None:
        while True:
            try:
                self.write_notes()
                self.people.sweep()
            except (Problem, LogError) as error:
                print_problem(f"the accounts wait for the log: {error}")
            if self._is_stopping.wait(SWEEP_S):
                return

    def _tell(self, command: Command, actor: str) -> None:
        """Have the log take an act, and wait until it is durable."""
        try:
            ticket = self._desk.submit(command, actor=actor, key=None, seen_seq=None)
            record = ticket.wait(ANSWER_S)
        except (StorageError, InboxFullError, TimeoutError) as error:
            raise unknown_outcome("storage", str(error) or "no answer in time") from error
        if record is not None and record.refusal is not None:
            said = record.refusal
            raise Problem(409, "refused", said.code, said.reason_zh, said.reason_en)
        if record is not None and record.fault is not None:
            raise unknown_outcome("fault", "a rule broke on this; it was recorded")
