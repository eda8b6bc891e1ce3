"""Access: one plausible command each (访问留痕命令样例)."""

from matrix_row import row

from kuaifan.vocabulary import access


def _glass(scene):
    scene.do(access.BreakGlass(person="li", reason="a life is at stake"))
    return "G1"


ACCESS_ROWS = (
    row(
        access.LogOnPerson,
        lambda _s: access.LogOnPerson(person="li", means="password"),
        "",
        "policy",
    ),
    row(
        access.LogOffPerson,
        lambda _s: access.LogOffPerson(person="li", reason="asked"),
        "",
        "policy",
    ),
    row(
        access.LockPerson,
        lambda _s: access.LockPerson(person="li", n_failed=5),
        "",
        "policy",
    ),
    row(
        access.ReleasePerson,
        lambda _s: access.ReleasePerson(person="li", by="chen"),
        "",
        "policy",
    ),
    row(
        access.ReleasePerson,
        lambda _s: access.ReleasePerson(person="li", by="li"),
        "by itself",
        "policy",
    ),
    row(
        access.ChangeAccount,
        lambda _s: access.ChangeAccount(person="li", change="added", by="chen"),
        "",
        "policy",
    ),
    row(
        access.BreakGlass,
        lambda _s: access.BreakGlass(person="li", reason="a life is at stake"),
        "",
        "policy",
    ),
    row(
        access.BreakGlass,
        lambda _s: access.BreakGlass(person="li", reason=" "),
        "without a reason",
        "policy",
    ),
    row(
        access.ReviewGlass,
        lambda s: access.ReviewGlass(glass_id=_glass(s), by="zhou", finding="in order"),
        "",
        "policy",
    ),
    row(
        access.ReviewGlass,
        lambda s: access.ReviewGlass(glass_id=_glass(s), by="li", finding="in order"),
        "one's own",
        "policy",
    ),
    row(
        access.ReadRecord,
        lambda s: access.ReadRecord(
            person="li", what="incident", purpose="review", incident_id=s.incident_id
        ),
        "",
        "incident",
    ),
    row(
        access.LogRefusedRight,
        lambda _s: access.LogRefusedRight(person="li", role="wall", right="dispatch", at="/v1"),
        "",
        "policy",
    ),
    row(
        access.LogSearch,
        lambda _s: access.LogSearch(person="li", text="人民路", n_found=2),
        "",
        "policy",
    ),
)
