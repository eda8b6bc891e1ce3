"""What a server sends as a board is looked at before it is kept for the day it is needed."""

import socket
import threading
from email.utils import formatdate
from zoneinfo import ZoneInfo

import pytest

from kuaifan.gateway.continuity_fetch import PullError, check_board, pull_board
from kuaifan.web.continuity_seal import BoardSealer

NOW_S = 1_700_000_000
SENT = {"Date": formatdate(NOW_S, usegmt=True)}


@pytest.fixture(scope="module")
def sealed():
    sealer = BoardSealer("four words for paper")
    zone = ZoneInfo("Asia/Shanghai")
    return sealer.seal(
        "<p>所有警情", desk_id="city", desk_name="市局", taken_at_ms=NOW_S * 1000, zone=zone
    )


def headers(content, taken_at=str(NOW_S * 1000)):
    return {**SENT, "Content-Length": str(len(content)), "X-Kuaifan-Taken-At": taken_at}


def test_a_whole_board_is_taken_with_its_age_by_the_servers_own_clock(sealed):
    pulled = check_board("city", sealed.content, headers(sealed.content))
    assert (pulled.board, pulled.age_ms, pulled.is_stale) == (sealed, 0, False)
    later = {**headers(sealed.content), "Date": formatdate(NOW_S + 600, usegmt=True)}
    assert check_board("city", sealed.content, later).is_stale


@pytest.mark.parametrize("share", [0.5, 0.99])
def test_a_board_that_was_cut_off_is_none(sealed, share):
    cut = sealed.content[: int(len(sealed.content) * share)]
    for told in (headers(sealed.content), headers(cut)):
        with pytest.raises(PullError, match="cut off"):
            check_board("city", cut, told)


@pytest.mark.parametrize("taken_at", ["9" * 400, str((NOW_S + 3_600) * 1000), "", "-1", "½", "१२"])
def test_a_minute_that_cannot_be_is_refused(sealed, taken_at):
    with pytest.raises(PullError, match="minute"):
        check_board("city", sealed.content, headers(sealed.content, taken_at))


def test_a_board_of_another_desk_or_minute_or_with_nothing_to_open_is_refused(sealed):
    with pytest.raises(PullError, match="not of"):
        check_board("d1", sealed.content, headers(sealed.content))
    with pytest.raises(PullError, match="not of"):
        check_board("city", sealed.content, headers(sealed.content, str(NOW_S * 1000 - 1)))
    spoilt = sealed.content.replace(b'"iv"', b'"vi"')
    with pytest.raises(PullError, match="opened"):
        check_board("city", spoilt, headers(spoilt))
    with pytest.raises(PullError, match="another page"):
        check_board("city", b"<html></html>", headers(b""))


@pytest.mark.parametrize(
    "said", [b"nonsense\r\n\r\n", b"", b"HTTP/1.1 200 OK\r\nX: " + b"x" * 70_000]
)
def test_a_server_that_speaks_no_http_is_said_in_a_sentence(said):
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def speak():
            line, _ = listener.accept()
            with line:
                line.recv(4_096)
                line.sendall(said)

        thread = threading.Thread(target=speak)
        thread.start()
        with pytest.raises(PullError, match="does not answer"):
            pull_board(f"http://127.0.0.1:{listener.getsockname()[1]}", "city")
        thread.join()
