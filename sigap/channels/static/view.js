// Draws the conversation. Knows nothing of the server.

import { element, formatted } from "./text.js";

export const byId = (id) => document.getElementById(id);

const log = byId("log");
const latest = byId("latest");

const HOUR = new Intl.DateTimeFormat("id", { hour: "2-digit", minute: "2-digit" });
const DAY = new Intl.DateTimeFormat("id", { weekday: "long", day: "numeric", month: "long", year: "numeric" });
// Up to three choices stand beside each other; more become a list.
const MOST_PILLS = 3;

const typing = element("p", "typing", "SIGAP sedang menulis", element("span"), element("span"), element("span"));

export function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  use.setAttribute("href", `#i-${name}`);
  svg.setAttribute("aria-hidden", "true");
  svg.append(use);
  return svg;
}

export function button(label, className, onClick) {
  const node = element("button", className, label);
  node.type = "button";
  node.addEventListener("click", onClick);
  return node;
}

// --- Messages -------------------------------------------------------------------------------------------------------

// A message: {from: "own" | "sigap", text?, image?, buttons?, at?, sequence?}. What has a sequence stands in its order,
// what has none (not yet sent) at the end. `choose` is called with the button pressed.
export function draw(message, choose) {
  const own = message.from === "own";
  if (own) retire();
  const bubble = element("div", "bubble", formatted(message.text ?? ""));
  if (message.image) bubble.append(picture(message.image));
  if (message.at) bubble.append(element("p", "meta"));
  const node = element("div", `message ${message.from}`);
  node.append(element("span", "unseen", own ? "Anda: " : "SIGAP: "), bubble);
  if (message.buttons?.length) node.append(choices(message.buttons, choose));
  node.sequence = message.sequence ?? Infinity;
  node.at = message.at;
  log.insertBefore(node, [...log.querySelectorAll(".message")].find((other) => other.sequence > node.sequence) ?? null);
  if (typing.parentNode) log.append(typing);
  drawState(node, message.sequence ? "sent" : "sending");
  nameDays();
  return node;
}

// What becomes of an own message: "sending", "sent", "waiting" (for the connection) or "failed"; `hint` says why.
export function drawState(node, state, hint, again) {
  const meta = node.querySelector(".meta");
  if (!meta) return;
  const time = element("time", "", HOUR.format(node.at));
  time.dateTime = node.at.toISOString();
  const own = node.classList.contains("own");
  const mark = own && { sent: icon("done"), sending: icon("clock"), waiting: icon("clock") }[state];
  const word = own && { sent: "Terkirim", sending: "Mengirim" }[state];
  meta.replaceChildren(time, ...(mark ? [mark] : []), ...(word ? [element("span", "unseen", word)] : []));
  node.classList.toggle("unsent", own && (state === "waiting" || state === "failed"));
  node.querySelector(".hint")?.remove();
  if (!hint) return;
  node.append(element("p", "hint", hint));
  if (again) node.lastChild.append(button("Kirim lagi", "small", again));
}

export function place(node, message) {
  node.sequence = message.sequence;
  node.at = message.at;
  log.insertBefore(node, [...log.querySelectorAll(".message")].find((other) => other.sequence > node.sequence) ?? null);
  if (typing.parentNode) log.append(typing);
}

// Only the newest answer offers choices.
function retire() {
  for (const old of log.querySelectorAll(".choices")) old.remove();
}

function choices(buttons, choose) {
  const list = buttons.length > MOST_PILLS;
  const group = element("div", list ? "choices list" : "choices");
  group.setAttribute("role", "group");
  group.setAttribute("aria-label", `${buttons.length} pilihan jawaban`);
  for (const offered of buttons) {
    const node = button(offered.title, "choice", () => choose(offered));
    if (offered.description) node.append(element("small", "", offered.description));
    if (list) node.append(icon("next"));
    group.append(node);
  }
  return group;
}

function picture(address) {
  const shown = element("img");
  shown.alt = address.startsWith("tiket/") ? "Tiket antrean sebagai gambar" : "Gambar dari SIGAP";
  const open = button(shown, "picture", () => enlarge(shown));
  open.append(element("span", "unseen", " (perbesar)"));
  shown.addEventListener("load", () => followed && toEnd());
  // Pictures are kept for a day.
  shown.addEventListener("error", () => open.replaceWith("Gambar ini sudah tidak tersedia."));
  shown.src = address;
  return open;
}

function enlarge({ src, alt }) {
  const dialog = byId("picture");
  const [image, save] = [dialog.querySelector("img"), dialog.querySelector("a")];
  image.src = save.href = src;
  image.alt = alt;
  dialog.showModal();
}

export function clear() {
  for (const node of log.querySelectorAll(".message, .day, .typing")) node.remove();
  notice("");
}

// Screen readers are not to read a whole history out.
export async function quietly(work) {
  log.setAttribute("aria-live", "off");
  work();
  toEnd();
  await new Promise((resolve) => setTimeout(resolve, 500));
  log.setAttribute("aria-live", "polite");
}

export function drawTyping(shown) {
  if (shown) log.append(typing);
  else typing.remove();
  if (followed) toEnd();
}

export function notice(text) {
  byId("notice").textContent = text;
}

// --- Days -----------------------------------------------------------------------------------------------------------

export function nameDays() {
  for (const old of log.querySelectorAll(".day")) old.remove();
  const today = new Date();
  const yesterday = new Date(today.getFullYear(), today.getMonth(), today.getDate() - 1);
  let previous = null;
  for (const node of log.querySelectorAll(".message")) {
    const day = node.at?.toDateString();
    if (!day || day === previous) continue;
    previous = day;
    const name =
      day === today.toDateString() ? "Hari ini"
      : day === yesterday.toDateString() ? "Kemarin"
      : DAY.format(node.at);
    node.before(element("p", "day", element("span", "", name)));
  }
}

// --- Scrolling ------------------------------------------------------------------------------------------------------

let followed = true;

// Never smoothly: an answer that comes during the movement would find the reader still on the way.
export function toEnd() {
  followed = true;
  log.scrollTop = log.scrollHeight;
}

// The beginning of a long answer stays in view; somebody who reads further up is not moved at all.
export function reveal(node) {
  if (followed) log.scrollTop = node.offsetTop - 16;
  followed &&= atEnd();
  latest.hidden = followed;
}

const atEnd = () => log.scrollHeight - log.scrollTop - log.clientHeight < 48;
let top = 0;

// Only who scrolls up leaves the end; a message that grows the conversation does not.
log.addEventListener("scroll", () => {
  if (atEnd()) followed = true;
  else if (log.scrollTop < top) followed = false;
  top = log.scrollTop;
  if (followed) latest.hidden = true;
});
latest.addEventListener("click", () => {
  latest.hidden = true;
  toEnd();
  log.focus({ preventScroll: true });
});
// A keyboard that opens, or a growing input, must not cover the last message.
new ResizeObserver(() => followed && toEnd()).observe(log);

// --- Dialogs --------------------------------------------------------------------------------------------------------

// Asks, and resolves to whether the answer was yes. `act` runs while the dialog is still open; when it rejects, the
// dialog stays.
export function ask(dialog, act) {
  dialog.showModal();
  dialog.onclick = async ({ target }) => {
    if (target.value === "no") dialog.close();
    if (target.value !== "yes") return;
    target.disabled = true;
    try {
      await act();
      dialog.close();
    } catch {
      // The dialog says so itself.
    } finally {
      target.disabled = false;
    }
  };
}

byId("picture").addEventListener("click", ({ target, currentTarget }) => {
  if (target.value === "no" || target === currentTarget) currentTarget.close();
});
