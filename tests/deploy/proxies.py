"""nginx and Caddy with the files of ``deploy/``: only ports, certificate and folder are others."""

import os
import shutil
import socket
import ssl
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from tests.servers import free_port

ROOT = Path(__file__).parents[2]
_DEPLOY = ROOT / "deploy"
_NGINX = """
daemon off;
pid {folder}/nginx.pid;
error_log {folder}/main.log notice;
events {{}}
http {{
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/caregiver-card.conf;
}}
"""


@dataclass(frozen=True, slots=True)
class Proxy:
    """A running proxy: its port, its folder with everything that it writes, its number."""

    port: int
    folder: Path
    pid: int

    def connect(self) -> ssl.SSLSocket:
        """A client's connection, as to card.example."""
        context = ssl.create_default_context(cafile=self.folder / "chain.pem")
        plain = socket.create_connection(("127.0.0.1", self.port), timeout=30)
        return context.wrap_socket(plain, server_hostname="card.example")

    def written(self) -> bytes:
        """Everything that stands in its folder."""
        found = [path for path in self.folder.rglob("*") if path.is_file()]
        return b"".join(path.read_bytes() for path in found)


def nginx(folder: Path, port: int, upstream: int) -> list[str]:
    """Write its configuration; return its command."""
    text = (_DEPLOY / "nginx.conf").read_text()
    text = "".join(line for line in text.splitlines(keepends=True) if "listen [::]" not in line)
    for old, new in (
        ("127.0.0.1:8000", f"127.0.0.1:{upstream}"),
        ("listen 80 ", f"listen 127.0.0.1:{free_port()} "),
        ("listen 443 ", f"listen 127.0.0.1:{port} "),
        ("/etc/letsencrypt/live/card.example/fullchain.pem", f"{folder}/chain.pem"),
        ("/etc/letsencrypt/live/card.example/privkey.pem", f"{folder}/key.pem"),
        ("/srv/caregiver-card", str(ROOT)),
    ):
        assert old in text, old
        text = text.replace(old, new)
    (folder / "caregiver-card.conf").write_text(text)
    (folder / "nginx.conf").write_text(_NGINX.format(folder=folder))
    program = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin") or "nginx"
    return [program, "-p", str(folder), "-c", str(folder / "nginx.conf"), "-e", "main.log"]


def caddy(folder: Path, port: int, upstream: int) -> list[str]:
    """Write its configuration; return its command."""
    text = (_DEPLOY / "Caddyfile").read_text()
    tls = f"card.example:{port} {{\n\ttls {folder}/chain.pem {folder}/key.pem\n"
    for old, new in (
        ("127.0.0.1:8000", f"127.0.0.1:{upstream}"),
        ("\ncard.example {\n", f"\n{tls}"),
        ("\n{\n", "\n{\n\tadmin off\n\tauto_https disable_redirects\n"),
        ("/srv/caregiver-card", str(ROOT)),
    ):
        assert old in text, old
        text = text.replace(old, new, 1)
    (folder / "Caddyfile").write_text(text)
    return ["caddy", "run", "--adapter", "caddyfile", "--config", str(folder / "Caddyfile")]


PROXIES = {"nginx": nginx, "Caddy": caddy}


@contextmanager
def running(
    configure: Callable[[Path, int, int], list[str]], folder: Path, upstream: int
) -> Iterator[Proxy]:
    """A proxy before a server at the port ``upstream``, until the block ends."""
    folder.mkdir()
    _write_certificate(folder)
    port = free_port()
    command = configure(folder, port, upstream)
    environment = {**os.environ, "HOME": str(folder), "XDG_DATA_HOME": str(folder)}
    with (folder / "out.log").open("wb") as out:
        process = subprocess.Popen(
            command, cwd=folder, env=environment, stdout=out, stderr=subprocess.STDOUT
        )
        proxy = Proxy(port, folder, process.pid)
        try:
            _await(proxy, process)
            yield proxy
        finally:
            process.terminate()
            process.wait(20)


def _await(proxy: Proxy, process: "subprocess.Popen[bytes]") -> None:
    for _ in range(100):
        assert process.poll() is None, proxy.written()
        try:
            with proxy.connect():
                return
        except OSError:
            time.sleep(0.1)
    raise AssertionError(proxy.written())


def _write_certificate(folder: Path) -> None:
    """One for card.example, signed by itself."""
    key, name = ec.generate_private_key(ec.SECP256R1()), "card.example"
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    (folder / "chain.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    (folder / "key.pem").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
