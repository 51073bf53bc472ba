"""A push service on loopback, and a phone that opens what arrives there as a browser would."""

import base64
import json
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat


def spelled(raw: bytes) -> str:
    """Base64 for addresses, without what fills it up."""
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def unspelled(words: str) -> bytes:
    """What such words say."""
    return base64.urlsafe_b64decode(words + "=" * (-len(words) % 4))


def point(key: ec.EllipticCurvePublicKey) -> bytes:
    """A public key as it travels."""
    return key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


@dataclass
class Phone:
    """A browser's half of a subscription."""

    key: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )
    auth: bytes = b"sixteen of bytes"

    @property
    def keys(self) -> dict[str, str]:
        """What it tells the server."""
        return {"p256dh": spelled(point(self.key.public_key())), "auth": spelled(self.auth)}

    def opened(self, body: bytes) -> bytes:
        """A message, opened as RFC 8291 says, by code that knows no library for it."""
        salt, length = body[:16], body[20]
        sender, sealed = body[21 : 21 + length], body[21 + length :]
        other = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), sender)
        shared = self.key.exchange(ec.ECDH(), other)
        about = b"WebPush: info\0" + point(self.key.public_key()) + sender
        secret = _derived(shared, self.auth, about, 32)
        key = _derived(secret, salt, b"Content-Encoding: aes128gcm\0", 16)
        nonce = _derived(secret, salt, b"Content-Encoding: nonce\0", 12)
        return AESGCM(key).decrypt(nonce, sealed, None).rstrip(b"\0").removesuffix(b"\2")


def _derived(secret: bytes, salt: bytes, info: bytes, length: int) -> bytes:
    return HKDF(algorithm=SHA256(), length=length, salt=salt, info=info).derive(secret)


def claims(authorization: str) -> dict[str, Any]:
    """What a server says of itself, after its signature was checked (RFC 8292)."""
    parts = dict(each.split("=", 1) for each in authorization.removeprefix("vapid ").split(","))
    signed, _, signature = parts["t"].strip().rpartition(".")
    raw = unspelled(signature)
    assert len(raw) == 64
    made = encode_dss_signature(*(int.from_bytes(each, "big") for each in (raw[:32], raw[32:])))
    key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), unspelled(parts["k"]))
    key.verify(made, signed.encode(), ec.ECDSA(SHA256()))
    head, body = (json.loads(unspelled(each)) for each in signed.split("."))
    assert head["alg"] == "ES256"
    return {**body, "key": parts["k"]}


@dataclass
class Service:
    """A push service: what it took, and what it answers."""

    phone: Phone = field(default_factory=Phone)
    taken: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    status: int = 201
    headers: dict[str, str] = field(default_factory=dict)
    size: int = 0
    wait_s: float = 0
    port: int = 0
    sent: int = 0
    # Given each message's path, its headers in small letters and its body.
    passed_on: Callable[[str, dict[str, str], bytes], None] = lambda *_: None

    @property
    def host(self) -> str:
        """Host and port."""
        return f"127.0.0.1:{self.port}"

    def address(self, path: str = "/phone") -> str:
        """The phone here, as a person's address."""
        return json.dumps({"endpoint": f"https://{self.host}{path}", **self.phone.keys})

    @property
    def shown(self) -> list[dict[str, str]]:
        """What the phone was told."""
        return [json.loads(self.phone.opened(body)) for _, body in self.taken]


def _handler(service: Service) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            service.taken.append(({**self.headers}, body))
            headers = {name.lower(): value for name, value in self.headers.items()}
            service.passed_on(self.path, headers, body)
            time.sleep(service.wait_s)
            self.send_response(service.status)
            for name, value in service.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(service.size))
            try:
                self.end_headers()
                while service.sent < service.size:
                    service.sent += self.wfile.write(b"x" * 10_000)
            except OSError:
                self.close_connection = True

        def log_message(self, *_: Any) -> None:
            pass

    return Handler


@contextmanager
def service(certificate: Path) -> Iterator[Service]:
    """A push service, until the block ends."""
    made = Service()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(made))
    made.port = server.server_port
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield made
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
