const KEY = "sigap.chat";
const KEPT_MESSAGES = 200;
// The server answers within 20 seconds, even when it has to give up.
const PATIENCE_MS = 30000;

const WELCOME = {
  from: "sigap",
  text:
    "Selamat datang. Saya *SIGAP*, asisten otomatis layanan paspor kantor imigrasi.\n\n" +
    "Saya dapat menjelaskan syarat, biaya, dan cara mengajukan paspor, mengecek status permohonan, " +
    "serta menerima keluhan Anda. Tulis saja dengan kalimat biasa, atau pilih salah satu:",
  buttons: [
    { title: "Syarat paspor", payload: "Apa saja syarat membuat paspor baru?" },
    { title: "Cek status", payload: "Saya mau cek status permohonan paspor saya" },
    { title: "Lihat menu", payload: "Tampilkan menu" },
  ],
};

const byId = (id) => document.getElementById(id);
const log = byId("log");
const input = byId("text");
const menu = byId("menu");
const menuButton = byId("menu-button");
const confirmation = byId("confirm");

function element(tag, className, ...children) {
  const node = document.createElement(tag);
  if (className) node.className = className;
  node.append(...children);
  return node;
}

// --- What is kept ---------------------------------------------------------------------------------------------------

// A message: {id, time, from: "own" | "sigap", text, image?, buttons?}; an own one also has {payload, sent}.
let token = null;
let messages = [];

function stamped(message) {
  // No crypto.randomUUID: it is missing where the page is served without TLS.
  return { ...message, id: `${Date.now()}-${Math.random()}`, time: Date.now() };
}

function load() {
  token = null;
  messages = [];
  try {
    const kept = JSON.parse(localStorage.getItem(KEY));
    if (kept && Array.isArray(kept.messages)) {
      token = kept.token;
      messages = kept.messages.filter((message) => message && message.id && typeof message.text === "string");
    }
  } catch {
    // Storage is forbidden (private mode) or unreadable: the conversation lives as long as the page.
  }
  if (!messages.length) messages = [stamped(WELCOME)];
}

function save() {
  messages = messages.slice(-KEPT_MESSAGES);
  try {
    localStorage.setItem(KEY, JSON.stringify({ token, messages }));
  } catch {
    // As above; or the storage is full.
  }
}

// --- WhatsApp formatting, built of nodes so that no text can ever become markup ---------------------------------------

const BULLET = /^\s*•\s+(.*)$/;
const NUMBERED = /^\s*(\d{1,2})[.)]\s+(.*)$/;

function formatted(text) {
  const blocks = document.createDocumentFragment();
  let block = null;
  const open = (tag) => {
    if (block?.localName !== tag) blocks.append((block = document.createElement(tag)));
    return block;
  };
  for (const line of text.split(/\r?\n/)) {
    const bullet = BULLET.exec(line);
    const numbered = NUMBERED.exec(line);
    if (!line.trim()) {
      block = null;
    } else if (bullet) {
      open("ul").append(element("li", "", inline(bullet[1])));
    } else if (numbered) {
      const item = element("li", "", inline(numbered[2]));
      item.value = Number(numbered[1]);
      open("ol").append(item);
    } else {
      const paragraph = open("p");
      if (paragraph.hasChildNodes()) paragraph.append("\n");
      paragraph.append(inline(line));
    }
  }
  return blocks;
}

// A link, or *bold* and _italic_ that hug their words and stand apart from other letters (paspor_online is neither).
const INLINE = /\b(?:https?:\/\/|www\.)[^\s<>"]+|(^|[^\p{L}\p{N}])([*_])(\S|\S.*?\S)\2(?![\p{L}\p{N}])/giu;

function inline(line) {
  const parts = document.createDocumentFragment();
  let end = 0;
  for (const match of line.matchAll(INLINE)) {
    const [whole, before, mark, inner] = match;
    parts.append(line.slice(end, match.index));
    end = match.index + whole.length;
    if (mark) {
      parts.append(before, element(mark === "*" ? "strong" : "em", "", inline(inner)));
    } else {
      const address = withoutTrailingSigns(whole);
      parts.append(link(address), whole.slice(address.length));
    }
  }
  parts.append(line.slice(end));
  return parts;
}

function withoutTrailingSigns(address) {
  const bare = address.replace(/[.,;:!?*_'’”\]]+$/, "");
  const unopened = bare.endsWith(")") && !bare.includes("(");
  return bare === address && !unopened ? bare : withoutTrailingSigns(unopened ? bare.slice(0, -1) : bare);
}

function link(address) {
  const href = /^www\./i.test(address) ? `https://${address}` : address;
  try {
    new URL(href);
  } catch {
    return address;
  }
  const anchor = element("a", "", address, element("span", "unseen", " (membuka tab baru)"));
  anchor.href = href;
  anchor.target = "_blank";
  anchor.rel = "noopener noreferrer";
  return anchor;
}

// --- Drawing --------------------------------------------------------------------------------------------------------

const HOUR = new Intl.DateTimeFormat("id", { hour: "2-digit", minute: "2-digit" });
const DAY = new Intl.DateTimeFormat("id", { weekday: "long", day: "numeric", month: "long", year: "numeric" });

const typing = element("p", "typing", "SIGAP sedang menulis", element("span"), element("span"), element("span"));
// Ids of own messages on their way to the server.
const underway = new Set();

function draw(message) {
  const own = message.from === "own";
  if (own) for (const button of log.querySelectorAll(".message .choices button")) button.disabled = true;

  const bubble = element("div", "bubble", formatted(message.text));
  if (message.image) {
    const image = element("img");
    image.src = message.image;
    image.alt = "Gambar dari SIGAP";
    bubble.append(image);
  }
  const node = element("div", `message ${own ? "own" : "sigap"}`);
  node.id = message.id;
  node.append(element("span", "unseen", own ? "Anda: " : "SIGAP: "), bubble, element("p", "meta"));
  if (message.buttons?.length) node.append(choices(message.buttons));
  log.insertBefore(node, typing.parentNode && typing);

  const day = new Date(message.time).toDateString();
  if (day !== [...log.querySelectorAll(".day")].pop()?.dataset.day) {
    const separator = element("p", "day");
    separator.dataset.day = day;
    node.before(separator);
    nameDays();
  }
  drawMeta(message);
  return node;
}

function choices(buttons) {
  const group = element("div", "choices");
  group.setAttribute("role", "group");
  group.setAttribute("aria-label", "Pilihan jawaban");
  for (const { title, payload } of buttons) {
    const button = element("button", "", title);
    button.type = "button";
    button.addEventListener("click", () => {
      send(title, payload);
      leaveButton();
    });
    group.append(button);
  }
  return group;
}

function drawMeta(message) {
  const node = byId(message.id);
  const time = element("time", "", HOUR.format(message.time));
  time.dateTime = new Date(message.time).toISOString();
  const meta = node.querySelector(".meta");
  meta.replaceChildren(time);

  const failed = message.from === "own" && !message.sent && !underway.has(message.id);
  node.classList.toggle("failed", failed);
  if (failed) {
    const again = element("button", "", "Kirim lagi");
    again.type = "button";
    again.addEventListener("click", () => sendAgain(message.id));
    meta.append(element("strong", "", "Belum terkirim"), again);
  }
}

function nameDays() {
  const today = new Date();
  const yesterday = new Date(today.getFullYear(), today.getMonth(), today.getDate() - 1);
  for (const separator of log.querySelectorAll(".day")) {
    const { day } = separator.dataset;
    separator.textContent =
      day === today.toDateString() ? "Hari ini"
      : day === yesterday.toDateString() ? "Kemarin"
      : DAY.format(new Date(day));
  }
}

function drawAll() {
  // Screen readers are not to read the whole history out again.
  log.setAttribute("aria-live", "off");
  log.replaceChildren();
  messages.forEach(draw);
  drawTyping();
  scrollToEnd("instant");
  setTimeout(() => log.setAttribute("aria-live", "polite"), 500);
}

function drawTyping() {
  if (underway.size) log.append(typing);
  else typing.remove();
}

let atEnd = true;

function scrollToEnd(behavior = "auto") {
  log.scrollTo({ top: log.scrollHeight, behavior });
  atEnd = true;
}

// The pressed button is gone or disabled. Touch users keep the answer in view instead of getting a keyboard over it.
function leaveButton() {
  if (matchMedia("(hover: hover) and (pointer: fine)").matches) input.focus();
  else log.focus({ preventScroll: true });
}

// --- Talking to the server --------------------------------------------------------------------------------------------

let request = null;
// One message at a time, so that answers come in the order of the questions.
let turn = Promise.resolve();

function send(text, payload = text) {
  const message = stamped({ from: "own", text, payload, sent: false });
  messages.push(message);
  save();
  underway.add(message.id);
  draw(message);
  deliver(message);
  scrollToEnd();
}

function sendAgain(id) {
  const message = messages.find((other) => other.id === id);
  message.time = Date.now();
  messages = [...messages.filter((other) => other !== message), message];
  save();
  underway.add(id);
  drawAll();
  deliver(message);
  leaveButton();
}

function deliver({ id, payload }) {
  // Looked up each time: another tab may have replaced the list, and starting over empties it.
  const mine = () => messages.find((message) => message.id === id);
  drawTyping();
  const run = async () => {
    const answers = mine() && (await ask(payload).catch(() => null));
    underway.delete(id);
    drawTyping();
    const message = mine();
    if (!message) return;
    message.sent = Boolean(answers);
    const replies = (answers ?? []).map((answer) => stamped({ ...answer, text: answer.text ?? "", from: "sigap" }));
    messages.push(...replies);
    save();
    drawMeta(message);
    const [first] = replies.map(draw);
    // The beginning of a long answer stays in view.
    if (first) log.scrollTo({ top: first.offsetTop - 16 });
    else scrollToEnd();
  };
  turn = turn.then(run, run);
}

async function ask(text) {
  if (!token) await renewToken();
  let reply = await post("message", { token, text });
  if (reply.status === 403) {
    await renewToken();
    reply = await post("message", { token, text });
  }
  if (!reply.ok) throw new Error(reply.status);
  return reply.body;
}

async function renewToken() {
  const reply = await post("conversation", {});
  if (!reply.ok) throw new Error(reply.status);
  token = reply.body.token;
  save();
}

async function post(path, content) {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), PATIENCE_MS);
  request = stop;
  try {
    const reply = await fetch(path, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(content),
      signal: stop.signal,
    });
    return { ok: reply.ok, status: reply.status, body: reply.ok ? await reply.json() : null };
  } finally {
    clearTimeout(timer);
  }
}

function startOver() {
  token = null;
  messages = [];
  save();
  underway.clear();
  request?.abort();
  load();
  drawAll();
  leaveButton();
}

// --- Composer -----------------------------------------------------------------------------------------------------

function fitInput() {
  input.style.height = "auto";
  input.style.height = `${input.scrollHeight + input.offsetHeight - input.clientHeight}px`;
  const full = input.value.length >= input.maxLength;
  byId("limit").textContent = full ? "Pesan sudah mencapai batas 4.000 huruf." : "";
}

byId("composer").addEventListener("submit", (event) => {
  event.preventDefault();
  const text = input.value.trim();
  if (text) {
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
document.querySelector(".menu").addEventListener("keydown", (event) => {
  if (event.key === "Escape" && !menu.hidden) {
    showMenu(false);
    menuButton.focus();
  }
});
document.querySelector(".menu").addEventListener("focusout", (event) => {
  if (event.relatedTarget && !event.relatedTarget.closest(".menu")) showMenu(false);
});

byId("restart").addEventListener("click", () => {
  // First, so that closing the question brings the focus back to a button that is still there.
  menuButton.focus();
  showMenu(false);
  confirmation.showModal();
});
byId("confirm-no").addEventListener("click", () => confirmation.close());
byId("confirm-yes").addEventListener("click", () => {
  confirmation.close();
  startOver();
});

// --- Start ----------------------------------------------------------------------------------------------------------

log.addEventListener("scroll", () => {
  atEnd = log.scrollHeight - log.scrollTop - log.clientHeight < 40;
});
// A keyboard that opens, or a growing input, must not cover the last message.
new ResizeObserver(() => {
  if (atEnd) scrollToEnd("instant");
}).observe(log);

document.addEventListener("visibilitychange", nameDays);
// Another tab has talked or started over.
window.addEventListener("storage", (event) => {
  if (event.key && event.key !== KEY) return;
  load();
  drawAll();
});

load();
drawAll();
