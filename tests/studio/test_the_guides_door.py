"""What notebooks/for_several_people.md gives to copy is whole, and its proxy opens a studio for its owner only."""

from __future__ import annotations

import configparser
import os
import re
import secrets
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
import yaml

from storyreel.memo.policy import read_policy
from storyreel.studio.serve import TOKEN_VARIABLE

ROOT = Path(__file__).parents[2]
GUIDE = (ROOT / "notebooks/for_several_people.md").read_text(encoding="utf-8")
SNIPPETS = dict(re.findall(r"```(ini|toml|yaml|nginx)\n(.*?)```", GUIDE, re.DOTALL))
HOST = "anna.films.example.org"
OWNER = ("anna", "a word of hers")
SECONDS = 90.0


def test_the_limits_can_be_read(tmp_path: Path) -> None:
    (tmp_path / "anna.toml").write_text(SNIPPETS["toml"])
    policy = read_policy(tmp_path / "anna.toml")
    assert (policy.limit_usd, policy.longest_s) == (5, 600)


def test_the_service_can_be_enabled_and_writes_in_its_persons_home_only() -> None:
    unit = configparser.ConfigParser(strict=True, interpolation=None)
    unit.optionxform = str  # type: ignore[method-assign,assignment]
    unit.read_string(SNIPPETS["ini"])
    assert unit["Install"]["WantedBy"]
    assert unit["Service"]["ReadWritePaths"] == "/home/%i"
    assert unit["Service"]["ExecStart"].endswith("--cache /home/%i/films")


def test_a_container_can_be_reached_by_its_door_alone_and_writes_where_it_must() -> None:
    services = yaml.safe_load(SNIPPETS["yaml"])["services"]
    studio, door = services["anna"], services["anna-door"]
    assert door["network_mode"] == "service:anna"
    assert [port.rpartition(":")[2] for port in studio["ports"]] == ["443"]
    assert "--port 8801" in studio["command"]
    assert "proxy_pass http://127.0.0.1:8801;" in SNIPPETS["nginx"]
    assert studio["read_only"] is True
    written = [volume.split(":")[1] for volume in studio["volumes"] if not volume.endswith(":ro")] + studio["tmpfs"]
    assert studio["command"].split()[-1] in written
    assert studio["environment"]["HOME"] in written


@dataclass
class Door:
    """A studio behind the guide's proxy."""

    address: str

    def get(self, path: str = "/", **told: object) -> httpx.Response:
        with httpx.Client(verify=False, trust_env=False, timeout=SECONDS) as client:  # a certificate of its own
            return client.get(self.address + path, headers={"Host": self.host}, **told)  # type: ignore[arg-type]

    @property
    def host(self) -> str:
        return f"{HOST}:{self.address.rpartition(':')[2]}"


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module")
def door(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Door]:
    nginx = shutil.which("nginx")
    if nginx is None or not shutil.which("openssl"):
        pytest.skip("needs nginx and openssl")
    home, port, token = tmp_path_factory.mktemp("anna"), _free_port(), secrets.token_urlsafe(32)
    certificate = ["-keyout", home / "key.pem", "-out", home / "certificate.pem", "-days", "2", "-subj", f"/CN={HOST}"]
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", *certificate], check=True, capture_output=True
    )
    (home / "anna.htpasswd").write_text(f"{OWNER[0]}:{{PLAIN}}{OWNER[1]}\n")
    own = {
        "listen 443 ssl": f"listen 127.0.0.1:{port} ssl",
        "# ssl_certificate ...; ssl_certificate_key ...;":
            "ssl_certificate_key key.pem; ssl_certificate certificate.pem;",
        "/etc/storyreel/anna.htpasswd": "anna.htpasswd",
        "<the token in anna.env>": token,
    }  # fmt: skip
    environment = {**os.environ, "PYTHONPATH": str(ROOT), TOKEN_VARIABLE: token, "HOME": str(home)}
    command = [sys.executable, "-m", "storyreel", "studio", "--no-browser", "--cache", str(home / "cache")]
    studio = subprocess.Popen(
        command, cwd=home, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    try:
        assert studio.stdout is not None
        told = re.search(r"127\.0\.0\.1:(\d+)", studio.stdout.readline())
        assert told
        configured = SNIPPETS["nginx"]
        for theirs, ours in {**own, "8801": told[1]}.items():
            assert theirs in configured
            configured = configured.replace(theirs, ours)
        folders = " ".join(f"{kind}_temp_path {kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
        # Started by root, it would read her files as somebody who may not.
        account = "" if os.geteuid() else "user root;"
        (home / "nginx.conf").write_text(
            f"{account} daemon off; pid nginx.pid; error_log error.log;\nevents {{}}\n"
            f"http {{ access_log off; {folders}\n{configured} }}\n"
        )
        proxy = subprocess.Popen([nginx, "-p", str(home), "-c", "nginx.conf", "-e", "error.log"])
        try:
            until_s = time.monotonic() + SECONDS
            while proxy.poll() is None and time.monotonic() < until_s:
                with socket.socket() as knock:
                    if knock.connect_ex(("127.0.0.1", port)) == 0:
                        break
                time.sleep(0.05)
            assert proxy.poll() is None, (home / "error.log").read_text()
            yield Door(f"https://127.0.0.1:{port}")
        finally:
            proxy.terminate()
            proxy.wait(20)
    finally:
        studio.send_signal(signal.SIGINT)
        studio.wait(20)
        studio.stdout.close()  # type: ignore[union-attr]


def test_the_door_opens_for_its_owner_who_needs_no_token(door: Door) -> None:
    assert door.get().status_code == 401
    assert door.get(auth=(OWNER[0], "a guess")).status_code == 401
    shown = door.get(auth=OWNER)
    assert shown.status_code == 200
    assert "kernelId" in shown.text


def test_another_sites_page_opens_no_line_to_a_kernel_through_the_owners_browser(door: Door) -> None:
    """Told apart by the page's origin: the owner's password would come along by itself."""
    websocket = pytest.importorskip("websocket")
    kernel = re.search(r'"kernelId": *"([0-9a-f-]+)"', door.get(auth=OWNER).text)
    assert kernel

    def knock(origin: str) -> str:
        try:
            websocket.create_connection(
                f"wss{door.address[5:]}/api/kernels/{kernel[1]}/channels", host=door.host, origin=origin,
                subprotocols=["v1.kernel.websocket.jupyter.org"], sslopt={"cert_reqs": ssl.CERT_NONE}, timeout=SECONDS,
                header=[f"Authorization: {httpx.BasicAuth(*OWNER)._auth_header}"],
            ).close()  # fmt: skip
        except websocket.WebSocketBadStatusException as refused:
            return str(refused.status_code)
        return "open"

    assert knock(f"https://{door.host}") == "open"
    for origin in ("https://elsewhere.example.org", f"https://{HOST}.example.org", "null", f"http://{door.host}"):
        assert knock(origin) == "403"
