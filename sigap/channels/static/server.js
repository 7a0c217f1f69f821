// The calls that the page makes; each rejects with a Failure.

// A turn takes 20 seconds at most, and the server waits 25 for news.
const PATIENCE_MS = 35_000;

// `kind`: "lost" (no connection, or the server is out of order), "unknown" (no such conversation), "busy" (wait
// `seconds`), "refused" (sending it again would not help).
export class Failure extends Error {
  constructor(kind, seconds = 0) {
    super(kind);
    this.kind = kind;
    this.seconds = seconds;
  }
}

export async function begin() {
  return (await call("POST", "conversation")).token;
}

export function forget(token) {
  return call("DELETE", "conversation", { token });
}

export function say(token, message) {
  return call("POST", "message", { token, body: JSON.stringify(message) });
}

export function linesAfter(token, sequence, { wait, signal }) {
  return call("GET", `messages?after=${sequence}${wait ? "&wait=1" : ""}`, { token, signal });
}

export function greeting() {
  return call("GET", "greeting");
}

async function call(method, path, { token, body, signal } = {}) {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), PATIENCE_MS);
  signal?.addEventListener("abort", () => stop.abort());
  if (signal?.aborted) stop.abort();
  const headers = {};
  if (token) headers.Authorization = `Bearer ${token}`;
  if (body) headers["Content-Type"] = "application/json";
  try {
    const reply = await fetch(path, { method, headers, body, signal: stop.signal, credentials: "omit" });
    if (reply.ok) return reply.status === 204 ? null : await reply.json();
    throw failure(reply);
  } catch (error) {
    throw error instanceof Failure ? error : new Failure("lost");
  } finally {
    clearTimeout(timer);
  }
}

function failure({ status, headers }) {
  if (status === 403) return new Failure("unknown");
  if (status === 429) return new Failure("busy", Number(headers.get("Retry-After")) || 30);
  return new Failure(status >= 500 ? "lost" : "refused");
}
