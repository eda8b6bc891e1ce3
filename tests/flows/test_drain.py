"""A served desk that is told to stop, and one with TLS of its own (平稳停止与加密传输)."""

import datetime as dt
import os
import signal
import ssl
import threading

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from serving_process import Process, served

WITH_TLS = """
import sys
from pathlib import Path
from kuaifan.app.serve import ServeOptions, serve
from kuaifan.web.server_options import ServerOptions

server = ServerOptions(tls_cert=Path(sys.argv[3]), tls_key=Path(sys.argv[4]))
sys.exit(serve(ServeOptions(city=Path(sys.argv[1]), log=Path(sys.argv[2]), port=0, server=server)))
"""
N_SENDERS = 4


def test_what_is_acknowledged_while_a_desk_stops_is_in_its_log(town, tmp_path):
    log = tmp_path / "log.db"
    acked, ready = [], threading.Barrier(N_SENDERS + 1)
    with served(town, log) as desk:

        def send(sender):
            ready.wait()
            with httpx.Client(base_url=f"http://127.0.0.1:{desk.port}", timeout=20) as client:
                for n in range(10_000):
                    try:
                        reply = client.post(
                            "/v1/commands/RegisterCall",
                            json={"line": "110"},
                            headers={"Idempotency-Key": f"{sender}-{n}"},
                        )
                    except httpx.HTTPError:
                        return
                    if reply.status_code == 200:
                        acked.append(reply.json()["events"][0]["call_id"])
                        enough.set()

        enough = threading.Event()
        senders = [threading.Thread(target=send, args=(n,)) for n in range(N_SENDERS)]
        for each in senders:
            each.start()
        ready.wait()
        assert enough.wait(20)
        code, said = desk.end(signal.SIGTERM)
        for each in senders:
            each.join(20)
    assert code == 0, said
    assert "Traceback" not in said
    assert len(set(acked)) == len(acked) > 0
    with served(town, log) as again:
        assert set(acked) <= set(again.client.get("/v1/board").json()["views"]["calls"])


def test_a_desk_that_drains_says_so_and_answers_until_it_is_told_again(town, tmp_path):
    with served(town, tmp_path / "log.db", "--drain", "300") as desk:
        assert desk.client.get("/readyz").json()["draining"] is False
        os.kill(desk.pid, signal.SIGTERM)
        # The signal and the next request go different ways.
        while (reply := desk.client.get("/readyz")).status_code == 200:
            pass
        said = reply.json()
        assert (reply.status_code, said["ready"], said["draining"]) == (503, False, True)
        assert said["log"] == "writable"
        assert desk.client.get("/healthz").status_code == 200
        with httpx.Client(base_url=f"http://127.0.0.1:{desk.port}") as newcomer:
            assert newcomer.post("/v1/commands/RegisterCall", json={"line": "110"}).is_success
        code, words = desk.end(signal.SIGTERM)
    assert code == 0, words
    assert "readyz" not in words


@pytest.fixture(name="pair")
def fixture_pair(tmp_path):
    """A certificate for this machine that nobody vouches for, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    cert_file, key_file = tmp_path / "cert.pem", tmp_path / "key.pem"
    cert_file.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    key_file.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return cert_file, key_file


def test_a_desk_with_a_certificate_speaks_tls_of_this_decade_only(town, tmp_path, pair):
    with Process(WITH_TLS, town.city, tmp_path / "log.db", *pair) as desk:
        url = f"https://127.0.0.1:{desk.port}/healthz"
        reply = httpx.get(url, verify=False)  # noqa: S501 - its own certificate
        assert reply.headers["Strict-Transport-Security"]
        old = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        old.check_hostname, old.verify_mode = False, ssl.CERT_NONE
        old.set_ciphers("DEFAULT:@SECLEVEL=0")
        with pytest.warns(DeprecationWarning, match="TLSv1_1"):
            old.maximum_version = ssl.TLSVersion.TLSv1_1
        with pytest.raises(httpx.ConnectError):
            httpx.get(url, verify=old)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--tls-cert", "cert.pem"), "give both"),
        (("--tls-cert", "/nowhere", "--tls-key", "/nowhere"), "/nowhere does not exist"),
        (("--trust-proxy", "proxy.example"), "is no address"),
    ],
)
def test_what_cannot_be_served_so_is_said_in_one_sentence(kuaifan, town, tmp_path, words, said):
    log = f"sqlite:///{tmp_path}/log.db"
    assert said in kuaifan.refuses("serve", "--city", town.city, "--db", log, *words)
    assert not (tmp_path / "log.db").exists()


def test_a_file_that_is_no_certificate_is_said_so(kuaifan, town, tmp_path):
    junk = tmp_path / "junk.pem"
    junk.write_text("junk")
    words = ("--tls-cert", junk, "--tls-key", junk)
    log = f"sqlite:///{tmp_path}/log.db"
    assert "no certificate" in kuaifan.refuses("serve", "--city", town.city, "--db", log, *words)
