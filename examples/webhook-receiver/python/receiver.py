"""A host authority's webhook receiver: believes what the hub signed, proves itself, and takes each event once.

    pip install -r requirements.txt
    HUB_WEBHOOK_SECRET=whsec_... python receiver.py            # an endpoint of scheme v1
    HUB_JWKS=https://hub.example/.well-known/jwks.json python receiver.py    # scheme v1a

Standard Webhooks 1.0. The public library `standardwebhooks` verifies `v1` (HMAC); it does not know `v1a` (Ed25519), which
the public library `cryptography` verifies here. A letter is believed when one of its signatures is.
"""

import base64
import json
import os
import sys
import time
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

TOLERANCE = 300  # seconds, as Standard Webhooks says
CHALLENGE = "uk.sufficiencyhub.endpoint.challenge.v1"
PING = "uk.sufficiencyhub.endpoint.ping.v1"


def public_keys(address):
    """The hub's webhook keys. Ask again when no key matches: the hub may have rotated them."""
    with urllib.request.urlopen(address, timeout=10) as answer:
        keys = json.load(answer)["keys"]
    webhook = [key for key in keys if key.get("purpose") == "webhook"]
    return [Ed25519PublicKey.from_public_bytes(base64.urlsafe_b64decode(key["x"] + "==")) for key in webhook]


def is_signed_by_hub(headers, body, keys):
    """`v1a`: Ed25519 over `id.timestamp.body`, within five minutes of now."""
    sent = headers.get("webhook-timestamp", "")
    if not sent.isdigit() or abs(time.time() - int(sent)) > TOLERANCE:
        return False
    content = f"{headers.get('webhook-id', '')}.{sent}.".encode() + body
    for signature in headers.get("webhook-signature", "").split(" "):
        version, _, encoded = signature.partition(",")
        for key in keys if version == "v1a" else []:
            try:
                key.verify(base64.b64decode(encoded), content)
                return True
            except (InvalidSignature, ValueError):
                continue
    return False


def is_signed_by_secret(headers, body, secrets):
    """`v1`, by the library. While a secret is rotated, either of two will do."""
    for secret in secrets:
        try:
            Webhook(secret).verify(body, headers)
            return True
        except WebhookVerificationError:
            continue
    return False


class Inbox:
    """What has been taken. A real receiver keeps the ids where it keeps what it does with them, in one transaction."""

    def __init__(self):
        self.seen, self.lock = set(), Lock()

    def take(self, event_id):
        """True the first time an id comes."""
        with self.lock:
            is_new = event_id not in self.seen
            self.seen.add(event_id)
            return is_new


class Receiver(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    inbox = Inbox()
    secrets = [secret for secret in os.environ.get("HUB_WEBHOOK_SECRET", "").split() if secret]
    jwks = os.environ.get("HUB_JWKS")
    keys = []

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        headers = {name.lower(): value for name, value in self.headers.items()}
        if not self.is_believed(headers, body):
            return self.answer(401)
        event = json.loads(body)
        if event["type"] == CHALLENGE:
            return self.answer(200, json.dumps({"challenge": event["data"]["challenge"]}).encode())
        if event["type"] != PING and self.inbox.take(headers["webhook-id"]):
            # Here the event goes to your own system. Answer only when it is safe there.
            print(json.dumps({"took": event["type"], "id": event["id"]}), flush=True)
        return self.answer(204)

    def is_believed(self, headers, body):
        if is_signed_by_secret(headers, body, self.secrets):
            return True
        if not self.jwks:
            return False
        if is_signed_by_hub(headers, body, Receiver.keys):
            return True
        Receiver.keys = public_keys(self.jwks)
        return is_signed_by_hub(headers, body, Receiver.keys)

    def answer(self, status, body=b""):
        self.send_response(status)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        """Addresses may hold tokens: nothing is logged."""


if __name__ == "__main__":
    port = int(sys.argv[1]) if len(sys.argv) > 1 else 8090
    server = ThreadingHTTPServer(("127.0.0.1", port), Receiver)
    print(json.dumps({"listening": server.server_address[1]}), flush=True)
    server.serve_forever()
