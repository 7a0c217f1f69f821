// The chat page: what it keeps, what it sends, what it hears.

import * as server from "./server.js";
import { ask, byId, clear, draw, drawState, drawTyping, nameDays, notice, place, quietly, reveal, toEnd } from "./view.js";

const TOKEN = "sigap.token";
const UNSENT = "sigap.unsent";
// The server's limit, which is WhatsApp's.
const MOST = 4096;
const COUNTED_FROM = 3600;
const LONGEST_PAUSE_S = 15;
const HIDDEN_PAUSE_S = 30;
// What could not be sent before a reload is sent by itself only while it still fits the moment.
const STALE_MS = 10 * 60_000;
const TURN_MS = 25_000;

const input = byId("text");
const menu = byId("menu");
const menuButton = byId("menu-button");
const embedded = window.parent !== window;

// --- What is kept ---------------------------------------------------------------------------------------------------

// The token is shared by all tabs; what could not be sent yet, {turn, text, shown, at}, belongs to one. Browsers may
// forbid storage in a frame on another site; then that site's page keeps the token. Without both (private mode) the
// conversation lives as long as the page.
let token = null;
let unsent = [];
let forbidden = false;
// The origin of the site around the page, once it has spoken.
let site = null;

function recall() {
  try {
    token = localStorage.getItem(TOKEN);
    unsent = JSON.parse(sessionStorage.getItem(UNSENT) ?? "[]");
  } catch {
    forbidden = true;
  }
}

function keep() {
  if (forbidden) {
    if (site) parent.postMessage({ sigap: "keep", token }, site);
    return;
  }
  try {
    if (token) localStorage.setItem(TOKEN, token);
    else localStorage.removeItem(TOKEN);
    sessionStorage.setItem(UNSENT, JSON.stringify(unsent));
  } catch {
    // The storage is full.
  }
}

function newTurn() {
  // No crypto.randomUUID: it is missing where the page is served without TLS.
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

// --- The conversation shown -----------------------------------------------------------------------------------------

// Counts the conversations shown on this page: what an earlier one still hears or sends is dropped.
let epoch = 0;
// The last line heard of, the sequence numbers of all that are drawn, and own messages by turn.
let heard = 0;
let fresh = true;
let greeted = false;
const drawn = new Set();
const own = new Map();

function show() {
  epoch += 1;
  heard = 0;
  [fresh, greeted] = [true, false];
  drawn.clear();
  own.clear();
  clear();
  drawTyping(false);
  greet();
  for (const message of unsent) drawOwn(message);
  listening.abort();
  wake();
}

async function greet() {
  const mine = epoch;
  const greeting = await server.greeting().catch(() => null);
  if (!greeting || mine !== epoch || greeted) return;
  greeted = true;
  const buttons = own.size ? [] : greeting.buttons;
  draw({ from: "sigap", sequence: 0, ...greeting, buttons }, choose);
}

function drawOwn(message) {
  own.set(message.turn, draw({ from: "own", text: message.shown, at: new Date(message.at) }, choose));
}

// Draws what is not drawn yet. `live` is false for a history.
function take(lines, live) {
  let first = null;
  for (const line of lines) {
    if (drawn.has(line.sequence)) continue;
    drawn.add(line.sequence);
    const message = { ...line, at: new Date(line.at) };
    if (line.from === "own") {
      if (own.has(line.turn)) place(own.get(line.turn), message);
      else own.set(line.turn, draw(message, choose));
      drawState(own.get(line.turn), "sent");
    } else {
      // Only an answer shows that a message need not be sent again.
      unsent = unsent.filter(({ turn }) => turn !== line.turn);
      const node = draw(message, choose);
      first ??= node;
      if (!delivering) drawTyping(false);
      if (live) missed();
    }
  }
  if (first && live) reveal(first);
  keep();
}

function history(lines) {
  fresh = false;
  quietly(() => take(lines, false));
  const last = lines.at(-1);
  if (last?.from === "own" && Date.now() - new Date(last.at) < TURN_MS) drawTyping(true);
}

// The server does not know the conversation (any more): too old, deleted in another tab, or signed with an old key.
function lose() {
  token = null;
  keep();
  show();
  notice("Percakapan sebelumnya sudah tidak tersimpan. Ini percakapan baru.");
}

// --- The connection -------------------------------------------------------------------------------------------------

const connection = byId("connection");
const sleepers = new Set();
let failures = 0;

function pause(seconds) {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      sleepers.delete(end);
      resolve();
    };
    const timer = setTimeout(end, seconds * 1000);
    sleepers.add(end);
  });
}

function wake() {
  for (const end of [...sleepers]) end();
}

const backoff = () => pause(Math.min(2 ** (failures - 1), LONGEST_PAUSE_S));

function connected() {
  if (!greeted) greet();
  if (!failures) return;
  failures = 0;
  byId("connection-text").textContent = "Tersambung kembali.";
  byId("connect").hidden = true;
  connection.classList.add("good");
  setTimeout(() => (connection.hidden = !failures), 2500);
}

function disconnected() {
  failures += 1;
  byId("connection-text").textContent = "Sambungan terputus. Sedang menyambung lagi.";
  connection.classList.remove("good");
  connection.hidden = byId("connect").hidden = false;
}

// --- Hearing --------------------------------------------------------------------------------------------------------

let listening = new AbortController();

async function listen() {
  for (;;) {
    const mine = epoch;
    listening = new AbortController();
    try {
      if (!token) {
        await pause(3600);
        continue;
      }
      const lines = await server.linesAfter(token, heard, { wait: !fresh && !document.hidden, signal: listening.signal });
      if (mine !== epoch) continue;
      connected();
      // What this page is sending comes back with its own request, and whole: what is kept is masked.
      const others = lines.filter(({ turn }) => !unsent.some((message) => message.turn === turn));
      if (fresh) history(others);
      else take(others, true);
      heard = Math.max(heard, ...lines.map(({ sequence }) => sequence));
      if (document.hidden) await pause(HIDDEN_PAUSE_S);
    } catch (failure) {
      if (mine !== epoch || listening.signal.aborted) continue;
      if (failure.kind === "unknown") {
        lose();
      } else {
        disconnected();
        await backoff();
      }
    }
  }
}

// Answers that came while nobody looked: counted in the title, and told to the site around the page.
const title = document.title;
let unread = 0;

function missed() {
  if (document.hidden || (embedded && !document.hasFocus())) countUnread(unread + 1);
}

function countUnread(count) {
  unread = count;
  document.title = unread ? `(${unread}) ${title}` : title;
  if (embedded) parent.postMessage({ sigap: "unread", count: unread }, "*");
}

// --- Sending --------------------------------------------------------------------------------------------------------

let delivering = false;

function send(text, shown = text) {
  if (!delivering) notice("");
  const message = { turn: newTurn(), text, shown, at: Date.now() };
  unsent.push(message);
  keep();
  drawOwn(message);
  toEnd();
  deliver();
}

function choose({ title: label, payload }) {
  send(payload ?? label, label);
  leaveButton();
}

// One message at a time, so that answers come in the order of the questions. A message keeps its name however often it
// is sent, and the server answers each name once.
async function deliver() {
  if (delivering) return;
  delivering = true;
  while (unsent.length) {
    const mine = epoch;
    const [{ turn, text, shown }] = unsent;
    drawState(own.get(turn), "sending");
    drawTyping(true);
    try {
      if (!token) {
        token = await server.begin();
        fresh = false;
        keep();
        wake();
      }
      const lines = await server.say(token, { turn, text, shown });
      if (mine !== epoch) continue;
      connected();
      take(lines, true);
    } catch (failure) {
      if (mine !== epoch) continue;
      drawTyping(false);
      await survive(failure, turn);
    }
  }
  drawTyping(false);
  delivering = false;
}

async function survive(failure, turn) {
  const node = own.get(turn);
  if (failure.kind === "unknown") {
    lose();
  } else if (failure.kind === "busy") {
    notice("Terlalu banyak pesan dalam waktu singkat. Pesan Anda tersimpan di sini dan dikirim sendiri sebentar lagi.");
    drawState(node, "waiting", `Dikirim lagi dalam ${spoken(failure.seconds)}`);
    await pause(failure.seconds);
    notice("");
  } else if (failure.kind === "refused") {
    unsent = unsent.filter((message) => message.turn !== turn);
    drawState(node, "failed", "Pesan ini tidak dapat diterima. Coba tulis dengan cara lain.");
  } else {
    disconnected();
    drawState(node, "waiting", "Menunggu sambungan");
    await backoff();
  }
}

function spoken(seconds) {
  return seconds < 90 ? `${seconds} detik` : `${Math.ceil(seconds / 60)} menit`;
}

// What was left over when the page was closed.
function sendLeftovers() {
  const stale = unsent.filter(({ at }) => Date.now() - at > STALE_MS);
  unsent = unsent.filter((message) => !stale.includes(message));
  for (const message of stale) {
    drawState(own.get(message.turn), "failed", "Belum terkirim", () => {
      message.at = Date.now();
      unsent.push(message);
      deliver();
      leaveButton();
    });
  }
  deliver();
}

// The pressed button is gone. Touch users keep the answer in view instead of getting a keyboard over it.
function leaveButton() {
  if (matchMedia("(hover: hover) and (pointer: fine)").matches) input.focus();
  else byId("log").focus({ preventScroll: true });
}

// --- Composer -------------------------------------------------------------------------------------------------------

const NUMBER = new Intl.NumberFormat("id");

function fitInput() {
  input.style.height = "auto";
  input.style.height = `${input.scrollHeight + input.offsetHeight - input.clientHeight}px`;
  const { length } = input.value;
  const over = length - MOST;
  // An over-long text is never cut in secret.
  input.setAttribute("aria-invalid", over > 0);
  byId("send").disabled = over > 0;
  byId("limit").textContent =
    over > 0 ? `Terlalu panjang ${NUMBER.format(over)} huruf. Ringkas dulu, atau kirim dalam dua pesan.`
    : length > COUNTED_FROM ? `${NUMBER.format(length)} dari ${NUMBER.format(MOST)} huruf`
    : "";
}

byId("composer").addEventListener("submit", (event) => {
  event.preventDefault();
  const text = input.value.trim();
  if (text && input.value.length <= MOST) {
    input.value = "";
    fitInput();
    send(text);
  }
  input.focus();
});

input.addEventListener("input", fitInput);
input.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    byId("composer").requestSubmit();
  }
});

// --- Menu -----------------------------------------------------------------------------------------------------------

function showMenu(open) {
  menu.hidden = !open;
  menuButton.setAttribute("aria-expanded", String(open));
}

menuButton.addEventListener("click", () => showMenu(menu.hidden));
document.addEventListener("click", (event) => {
  if (!event.target.closest(".menu")) showMenu(false);
});
document.querySelector(".menu").addEventListener("focusout", (event) => {
  if (event.relatedTarget && !event.relatedTarget.closest(".menu")) showMenu(false);
});

function offer(item, dialog, act) {
  byId(item).addEventListener("click", () => {
    // First, so that closing the question brings the focus back to a button that is still there.
    menuButton.focus();
    showMenu(false);
    ask(byId(dialog), act);
  });
}

function startOver(text) {
  token = null;
  unsent = [];
  keep();
  show();
  notice(text);
}

offer("restart", "restart-dialog", () => startOver("Percakapan baru dimulai."));
offer("forget", "forget-dialog", async () => {
  byId("forget-failed").textContent = "";
  const doomed = token;
  token = null;
  listening.abort();
  try {
    if (doomed) await server.forget(doomed);
  } catch (failure) {
    if (failure.kind !== "unknown") {
      token = doomed;
      wake();
      byId("forget-failed").textContent = "Percakapan belum terhapus karena sambungan terganggu. Silakan coba lagi.";
      throw failure;
    }
  }
  startOver("Percakapan Anda sudah dihapus.");
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || document.querySelector("dialog[open]")) return;
  if (!menu.hidden) {
    showMenu(false);
    menuButton.focus();
  } else if (embedded) {
    leaveFrame();
  }
});

// --- Within a site's own page -----------------------------------------------------------------------------------------

function leaveFrame() {
  parent.postMessage({ sigap: "close" }, "*");
}

if (embedded) {
  byId("close").hidden = false;
  byId("close").addEventListener("click", leaveFrame);
  window.addEventListener("message", ({ origin, source, data }) => {
    if (source !== parent || data?.sigap !== "open") return;
    site = origin;
    if (forbidden && !token && typeof data.token === "string") {
      token = data.token;
      show();
    }
    countUnread(0);
    input.focus();
  });
  window.addEventListener("focus", () => countUnread(0));
}

// --- Start ----------------------------------------------------------------------------------------------------------

byId("connect").addEventListener("click", () => {
  input.focus();
  wake();
});
window.addEventListener("online", wake);
document.addEventListener("visibilitychange", () => {
  if (document.hidden) return;
  nameDays();
  if (unread) countUnread(0);
  wake();
});
// Another tab has begun, started over or deleted.
window.addEventListener("storage", ({ key, newValue }) => {
  if (key !== TOKEN || newValue === token) return;
  token = newValue;
  show();
});

recall();
show();
sendLeftovers();
listen();
