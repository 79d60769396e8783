// A host authority's webhook receiver: believes what the hub signed, proves itself, and takes each event once.
//
//   npm install
//   HUB_WEBHOOK_SECRET=whsec_... node receiver.mjs                                   # an endpoint of scheme v1
//   HUB_JWKS=https://hub.example/.well-known/jwks.json node receiver.mjs             # scheme v1a
//
// Standard Webhooks 1.0. The public library `standardwebhooks` verifies `v1` (HMAC); it does not know `v1a` (Ed25519),
// which the public library `@noble/ed25519` verifies here. A letter is believed when one of its signatures is.
import { createServer } from "node:http";
import * as ed25519 from "@noble/ed25519";
import { Webhook } from "standardwebhooks";

const TOLERANCE = 300; // seconds, as Standard Webhooks says
const CHALLENGE = "uk.sufficiencyhub.endpoint.challenge.v1";
const PING = "uk.sufficiencyhub.endpoint.ping.v1";

const secrets = (process.env.HUB_WEBHOOK_SECRET ?? "").split(/\s+/).filter(Boolean);
const jwks = process.env.HUB_JWKS;
let keys = [];
// A real receiver keeps the ids where it keeps what it does with them, in one transaction.
const seen = new Set();

/** The hub's webhook keys. Ask again when no key matches: the hub may have rotated them. */
async function publicKeys(address) {
  const answer = await fetch(address, { signal: AbortSignal.timeout(10_000) });
  const set = await answer.json();
  return set.keys.filter((key) => key.purpose === "webhook").map((key) => Buffer.from(key.x, "base64url"));
}

/** `v1a`: Ed25519 over `id.timestamp.body`, within five minutes of now. */
async function isSignedByHub(headers, body, keys) {
  const sent = headers["webhook-timestamp"] ?? "";
  if (!/^\d+$/.test(sent) || Math.abs(Date.now() / 1000 - Number(sent)) > TOLERANCE) return false;
  const content = Buffer.concat([Buffer.from(`${headers["webhook-id"]}.${sent}.`), body]);
  for (const signature of (headers["webhook-signature"] ?? "").split(" ")) {
    const [version, encoded = ""] = signature.split(",");
    if (version !== "v1a") continue;
    for (const key of keys) {
      const is = await ed25519.verifyAsync(Buffer.from(encoded, "base64"), content, key).catch(() => false);
      if (is) return true;
    }
  }
  return false;
}

/** `v1`, by the library. While a secret is rotated, either of two will do. */
function isSignedBySecret(headers, body) {
  return secrets.some((secret) => {
    try {
      new Webhook(secret).verify(body.toString("utf8"), headers);
      return true;
    } catch {
      return false;
    }
  });
}

async function isBelieved(headers, body) {
  if (isSignedBySecret(headers, body)) return true;
  if (!jwks) return false;
  if (await isSignedByHub(headers, body, keys)) return true;
  keys = await publicKeys(jwks);
  return isSignedByHub(headers, body, keys);
}

async function take(request, response) {
  const pieces = [];
  for await (const piece of request) pieces.push(piece);
  const body = Buffer.concat(pieces);
  if (!(await isBelieved(request.headers, body))) return response.writeHead(401).end();
  const event = JSON.parse(body.toString("utf8"));
  if (event.type === CHALLENGE) {
    return response.writeHead(200, { "content-type": "application/json" })
      .end(JSON.stringify({ challenge: event.data.challenge }));
  }
  if (event.type !== PING && !seen.has(request.headers["webhook-id"])) {
    seen.add(request.headers["webhook-id"]);
    // Here the event goes to your own system. Answer only when it is safe there.
    console.log(JSON.stringify({ took: event.type, id: event.id }));
  }
  return response.writeHead(204).end();
}

const server = createServer((request, response) => {
  take(request, response).catch(() => response.writeHead(500).end());
});
server.listen(Number(process.argv[2] ?? 8090), "127.0.0.1", () => {
  console.log(JSON.stringify({ listening: server.address().port }));
});
