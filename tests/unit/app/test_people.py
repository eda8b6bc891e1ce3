"""The door itself (登录与会话): passwords, second factors, locks, links, keys, separated duties."""

import pytest
from door_desk import HASH, PASSWORD, WallClock, make_people

from kuaifan.app import second_factor as factors
from kuaifan.app.passwords import find_weakness
from kuaifan.app.try_limits import MAX_FAILURES
from kuaifan.store.accounts import Account
from kuaifan.vocabulary import access
from kuaifan.web.people import LinkUse, LogOn, NewAccount, NewKey
from kuaifan.web.problems import Problem

MINUTE_MS = 60_000
WRONG, ANOTHER = "wrong-harbour-47", "green-lantern-58"


class Door:
    """A door whose log is a list."""

    def __init__(self, path, **about):
        self.told, self.clock = [], WallClock()
        self.people = make_people(
            path,
            lambda command, actor: self.told.append((actor, command)),
            clock=self.clock,
            **about,
        )
        self.people.accounts.put(
            Account(name="li", display_name="李", roles=("dispatcher",), password_hash=HASH)
        )

    def log_on(self, name="li", password=PASSWORD, code="", address="10.0.0.1"):
        self.clock.pass_ms(1)
        token = self.people.log_on(LogOn(name=name, password=password, code=code), address)
        return self.visitor(token)

    def visitor(self, token):
        self.people._seen.clear()
        return self.people.find_visitor(token)

    def code(self, **asked):
        with pytest.raises(Problem) as raised:
            self.log_on(**asked)
        return raised.value.body["code"], raised.value.body["reason_zh"]

    def told_kinds(self):
        return [type(command).__name__ for _, command in self.told]


@pytest.fixture(name="door")
def fixture_door(tmp_path):
    door = Door(tmp_path / "accounts.db")
    yield door
    door.people.accounts.close()


def test_the_codes_are_those_of_rfc_6238():
    secret = b"12345678901234567890"
    seen = {seconds: factors.code_at(secret, seconds // 30) for seconds in (59, 1111111109)}
    assert seen == {59: "287082", 1111111109: "081804"}


def test_whatever_is_wrong_the_answer_is_the_same(door):
    door.people.accounts.put(
        Account(name="off", display_name="", roles=("crew",), password_hash=HASH, is_disabled=True)
    )
    answers = {
        door.code(password=WRONG),
        door.code(name="nobody"),
        door.code(name="off"),
        door.code(name=""),
    }
    assert len(answers) == 1
    assert answers.pop()[0] == "wrong_log_on"


def test_five_wrong_tries_lock_a_name_until_a_supervisor_releases_it(door):
    for _ in range(5):
        door.code(password=WRONG)
    assert door.code()[0] == "wrong_log_on"
    assert door.told[-1] == (
        "door",
        access.LockPerson(person="li", n_failed=5, address="10.0.0.1"),
    )
    door.people.act("release", NewAccount(name="li", roles=()), "user:chief")
    assert door.log_on().name == "li"
    assert door.people.accounts.find("li").n_failed == 0


def test_an_address_that_is_wrong_too_often_waits(door):
    for n in range(MAX_FAILURES):
        door.code(name=f"guess-{n}")
    assert door.code()[0] == "too_often"
    assert door.log_on(address="10.0.0.2").name == "li"
    door.clock.pass_ms(5 * MINUTE_MS)
    assert door.log_on().name == "li"


def test_a_session_is_over_when_idle_when_old_and_when_its_person_leaves(door):
    visitor = door.log_on()
    assert (visitor.name, visitor.roles, visitor.desk_id) == ("li", ("dispatcher",), "city")
    token = door.people.log_on(LogOn(name="li", password=PASSWORD), "x")
    for _ in range(30):
        door.clock.pass_ms(29 * MINUTE_MS)
        now = door.visitor(token)
        if now is None:
            break
        door.people.touch(now)
    # Never idle, and over all the same after fourteen hours.
    assert 13 < (door.clock() - 1_800_000_000_000) / (60 * MINUTE_MS) < 15
    token = door.people.log_on(LogOn(name="li", password=PASSWORD), "x")
    door.clock.pass_ms(31 * MINUTE_MS)
    assert door.visitor(token) is None
    door.people.sweep()
    assert [c.reason for _, c in door.told if isinstance(c, access.LogOffPerson)][-1] == "idle"
    visitor, other = door.log_on(), door.log_on()
    door.people.log_off(visitor, everywhere=True)
    assert door.people.accounts.find_session(other.session) is None


def test_a_second_factor_is_asked_for_taken_once_and_spared_by_a_recovery_code(door):
    visitor = door.log_on()
    made = door.people.begin_second_factor(visitor)
    assert made.uri.startswith("otpauth://totp/Kuaifan:li?secret=")
    secret = door.people._begun["li"]
    step = door.clock() // 30_000
    with pytest.raises(Problem):
        door.people.confirm_second_factor(visitor, "000000")
    token, codes = door.people.confirm_second_factor(visitor, factors.code_at(secret, step))
    assert door.visitor(token).name == "li"
    assert secret not in door.people.accounts.find("li").second_factor
    assert door.code()[0] == "wrong_log_on"
    assert door.code(code=factors.code_at(secret, step))[0] == "wrong_log_on"
    door.clock.pass_ms(60_000)
    assert door.log_on(code=factors.code_at(secret, door.clock() // 30_000)).name == "li"
    assert door.log_on(code=codes[0].upper()).name == "li"
    assert door.code(code=codes[0])[0] == "wrong_log_on"


def test_an_administrator_without_a_second_factor_can_only_set_one_up(tmp_path):
    door = Door(tmp_path / "accounts.db", second_factor="admins")
    door.people.accounts.put(
        Account(name="chen", display_name="", roles=("security_admin",), password_hash=HASH)
    )
    assert door.log_on("chen").must_enrol
    assert not door.log_on("li").must_enrol
    door.people.accounts.close()


def test_another_password_ends_every_other_session_and_a_weak_one_is_refused(door):
    other, visitor = door.log_on(), door.log_on()
    for weak in ("short", "aaaaaaaaaaaaaaa", "password12345", "li-likes-boats-li"):
        with pytest.raises(Problem) as raised:
            door.people.change_password(visitor, PASSWORD, weak)
        assert raised.value.body["code"] == "weak_password"
    token = door.people.change_password(visitor, PASSWORD, ANOTHER)
    assert door.visitor(token).name == "li"
    assert door.people.accounts.find_session(other.session) is None
    assert door.people.accounts.find_session(visitor.session) is None
    assert door.code()[0] == "wrong_log_on"
    assert door.log_on(password=ANOTHER).name == "li"
    assert find_weakness(ANOTHER, "li") is None


def test_a_link_is_good_once_and_for_a_day(door):
    link = door.people.add(NewAccount(name="sun", roles=("call_taker",)), "user:chen")
    assert door.code(name="sun")[0] == "wrong_log_on"
    assert door.people.use_link(LinkUse(link=link, password=PASSWORD), "x") == "sun"
    assert door.log_on("sun").roles == ("call_taker",)
    with pytest.raises(Problem):
        door.people.use_link(LinkUse(link=link, password=PASSWORD), "x")
    late = door.people.act("link", NewAccount(name="sun", roles=()), "user:chen")
    door.clock.pass_ms(24 * 60 * MINUTE_MS + 1)
    with pytest.raises(Problem):
        door.people.use_link(LinkUse(link=late, password=PASSWORD), "x")


def test_the_first_link_makes_the_security_administrator_and_nobody_after(tmp_path):
    people = make_people(tmp_path / "accounts.db", lambda *_: None)
    link = people.first_link()
    use = LinkUse(link=link, password=PASSWORD, name="chen", display_name="陈静")
    assert people.use_link(use, "x") == "chen"
    assert people.accounts.find("chen").roles == ("security_admin",)
    assert people.first_link() is None
    people.accounts.close()


@pytest.mark.parametrize(
    "roles",
    [
        ("admin", "security_admin"),
        ("security_admin", "audit_admin"),
        ("audit_admin", "dispatcher"),
        ("security_admin", "commander"),
        ("integrator",),
    ],
)
def test_duties_that_are_kept_apart_are_never_one_person_s(door, roles):
    with pytest.raises(Problem) as raised:
        door.people.add(NewAccount(name="both", roles=roles), "user:chen")
    assert raised.value.body["code"] == "separated_duties"


def test_the_last_security_administrator_stays(door):
    door.people.accounts.put(Account(name="chen", display_name="", roles=("security_admin",)))
    for act in ("disable", "roles"):
        with pytest.raises(Problem) as raised:
            door.people.act(act, NewAccount(name="chen", roles=("crew",)), "user:chen")
        assert raised.value.body["code"] == "last_administrator"


def test_other_rights_end_what_was_open_by_the_old_ones(door):
    visitor = door.log_on()
    door.people.act("roles", NewAccount(name="li", roles=("crew",), unit_id="P1"), "user:chen")
    assert door.people.accounts.find_session(visitor.session) is None
    assert door.log_on().unit_id == "P1"
    actor, told = next(each for each in door.told if isinstance(each[1], access.ChangeAccount))
    assert (actor, told.by, told.roles) == ("user:chen", "chen", ("crew",))


def test_a_key_is_shown_once_has_what_it_was_made_for_and_ends(door):
    key = door.people.add_key(NewKey(key_id="avl", rights=("report_positions",), days=1), "user:c")
    system = door.people.find_system(key)
    assert (system.name, system.key_rights, system.is_system) == (
        "avl",
        ("report_positions",),
        True,
    )
    assert door.people.find_system(key + "x") is None
    with pytest.raises(Problem):
        door.people.add_key(NewKey(key_id="more", rights=("see_cases",)), "user:c")
    door.clock.pass_ms(24 * 60 * MINUTE_MS)
    assert door.people.find_system(key) is None


def test_broken_glass_is_another_token_and_ends_by_itself(door):
    visitor = door.log_on()
    token = door.people.break_glass(visitor, "a life is at stake", 15)
    assert door.people.accounts.find_session(visitor.session) is None
    assert door.visitor(token).has_glass
    door.clock.pass_ms(15 * MINUTE_MS)
    assert not door.visitor(token).has_glass
    assert door.told_kinds()[-1] == "BreakGlass"


def test_what_the_log_refuses_does_not_happen(tmp_path):
    def refuse(_command, _actor):
        raise Problem(503, "storage", "storage", "存储故障", "the disk refuses")

    people = make_people(tmp_path / "accounts.db", refuse)
    people.accounts.put(Account(name="li", display_name="", roles=("crew",), password_hash=HASH))
    with pytest.raises(Problem):
        people.log_on(LogOn(name="li", password=PASSWORD), "x")
    with pytest.raises(Problem):
        people.add(NewAccount(name="sun", roles=("crew",)), "user:chen")
    assert people.accounts.list_sessions("li") == []
    assert people.accounts.find("sun") is None
    people.accounts.close()
