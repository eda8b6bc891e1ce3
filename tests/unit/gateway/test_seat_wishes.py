"""What a special seat wants told outside (专席外发): a bank is asked, once and in one shape."""

from msgspec import structs

from kuaifan.gateway.effects import list_effects
from kuaifan.gateway.seat_wishes import seat_effects
from kuaifan.kernel.message import Observed
from kuaifan.kernel.personal import ERASED
from kuaifan.kernel.record import Record, Scope
from kuaifan.seats.anti_fraud.words import StopRequested
from kuaifan.vocabulary.outbox import EffectRepeated

REQUEST = StopRequested(
    incident_id="J12",
    account_id="J12-1",
    request_id="J12-1-1",
    number="6217",
    bank="工商银行",
    holder="张某",
    amount_fen=5_000_000,
    transferred_at_ms=1_700_000_000_000,
    channel="bank_app",
    by="Li",
)


def recorded(event, seq=7):
    told = {"actor": "a", "scope": Scope(), "command": Observed(input_no=1), "events": (event,)}
    return Record(seq=seq, input_no=seq, at_ms=1_000, **told)


class Log:
    """A log of one record."""

    def find_record(self, _seq):
        return recorded(REQUEST)


def test_a_bank_is_asked_for_an_account_by_the_number_of_the_request():
    (effect,) = list_effects(recorded(REQUEST), Log(), ("bank",))
    assert (effect.channel, effect.what, effect.request_id) == ("bank", "stop_payment", "J12-1-1")
    assert effect.fields == {
        "command": "stop_payment",
        "request_id": "J12-1-1",
        "incident_id": "J12",
        "number": "6217",
        "bank": "工商银行",
        "holder": "张某",
        "amount_fen": 5_000_000,
        "transferred_at_ms": 1_700_000_000_000,
        "channel": "bank_app",
    }
    assert "6217" not in effect.name
    assert not list_effects(recorded(REQUEST), Log(), ("120",))


def test_a_request_is_told_once_more_under_the_same_key():
    (effect,) = list_effects(recorded(REQUEST), Log(), ("bank",))
    repeat = recorded(EffectRepeated(effect_id=effect.effect_id), seq=9)
    (again,) = list_effects(repeat, Log(), ("bank",))
    assert (again.effect_id, again.place, again.is_repeated) == (effect.effect_id, "9-0", True)


def test_what_was_erased_since_is_told_to_nobody():
    (effect,) = seat_effects(recorded(structs.replace(REQUEST, number=ERASED)))
    assert effect.is_gone
