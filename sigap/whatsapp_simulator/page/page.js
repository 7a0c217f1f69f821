"use strict";

const get = (id) => document.getElementById(id);
const chat = get("chat");
const address = new URLSearchParams(location.search);
let person = address.get("pengirim") || "Budi";
let hidesNumber = false;
let position = 0;

// What the attachment menu sends: Meta's kind of message and its content.
const ATTACHMENTS = [
  ["Foto", "image", { id: "1", mime_type: "image/jpeg", sha256: "x" }],
  ["Foto dengan keterangan", "image", { id: "1", mime_type: "image/jpeg", sha256: "x", caption: "syarat paspor anak" }],
  ["Pesan suara", "audio", { id: "1", mime_type: "audio/ogg", voice: true }],
  ["Dokumen", "document", { id: "1", mime_type: "application/pdf", filename: "kk.pdf" }],
  ["Lokasi: Cianjur", "location", { latitude: -6.82, longitude: 107.14 }],
  ["Stiker", "sticker", { id: "1", mime_type: "image/webp" }],
  ["Reaksi 👍", "reaction", { message_id: "wamid.x", emoji: "👍" }],
  ["Jenis yang tidak dikenal", "unsupported", {}],
];

function element(tag, properties = {}, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
}

async function call(path, body) {
  const options = body && {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  };
  const answer = await fetch(path, options);
  if (!answer.ok) throw new Error(`HTTP ${answer.status}`);
  return answer.json();
}

function send(kind, part) {
  return call("simulator/say", { person, hides_number: hidesNumber, kind, part }).then(look, showTrouble);
}

function showTrouble() {
  get("notice").textContent = "Simulator tidak menjawab. Periksa apakah masih berjalan.";
}

// WhatsApp's own marks: *bold* and _italic_.
function marked(text) {
  const pieces = text.split(/(\*[^*\n]+\*|_[^_\n]+_)/);
  return pieces.map((piece) => {
    if (/^\*[^*\n]+\*$/.test(piece)) return element("strong", { textContent: piece.slice(1, -1) });
    if (/^_[^_\n]+_$/.test(piece)) return element("em", { textContent: piece.slice(1, -1) });
    return piece;
  });
}

function picture(image) {
  return element("img", { src: `simulator/media/${image.id}`, alt: "Gambar dari SIGAP" });
}

function reply(kind, chosen) {
  const { id, title, description } = chosen;
  return send("interactive", { type: kind, [kind]: { id, title, ...(description && { description }) } });
}

function openList(action) {
  const list = get("sheet").querySelector("ul");
  get("sheet-title").textContent = action.button;
  list.replaceChildren(
    ...action.sections.flatMap((section) => section.rows).map((row) => {
      const button = element("button", { type: "button" }, row.title);
      if (row.description) button.append(element("small", { textContent: row.description }));
      button.onclick = () => {
        get("sheet").close();
        reply("list_reply", row);
      };
      return element("li", {}, button);
    }),
  );
  get("sheet").showModal();
}

function choices(action) {
  if (action.sections) {
    return [element("button", { type: "button", className: "choice", textContent: `☰ ${action.button}`, onclick: () => openList(action) })];
  }
  return action.buttons.map(({ reply: offered }) =>
    element("button", { type: "button", className: "choice", textContent: offered.title, onclick: () => reply("button_reply", offered) }),
  );
}

function content(message) {
  const part = message[message.type] || {};
  switch (message.type) {
    case "text":
      return marked(part.body);
    case "image":
      return [...(part.id.length > 3 ? [picture(part)] : ["[Foto] "]), ...marked(part.caption || "")];
    case "interactive": {
      if (part.type.endsWith("_reply")) return [part[part.type].title];
      const header = part.header && part.header.image ? [picture(part.header.image)] : [];
      return [...header, ...marked(part.body.text)];
    }
    case "template":
      return [`[Templat ${part.name}] `, ...(part.components || []).flatMap((one) => one.parameters.map((each) => each.text))];
    case "location":
      return [`[Lokasi ${part.latitude}, ${part.longitude}]`];
    case "reaction":
      return [part.emoji || ""];
    default:
      return [`[${{ audio: "Pesan suara", document: "Dokumen", sticker: "Stiker" }[message.type] || "Pesan khusus"}]`];
  }
}

function show(entry) {
  const { direction, message } = entry;
  const line = element("li", { className: direction });
  line.dataset.id = message.id;
  const who = direction === "out" ? "Anda: " : "SIGAP: ";
  const bubble = element("div", { className: "bubble" }, element("span", { className: "unseen", textContent: who }), ...content(message));
  bubble.append(element("span", { className: "meta", textContent: direction === "out" ? "terkirim" : "" }));
  line.append(bubble);
  if (message.type === "interactive" && message.interactive.action) line.append(...choices(message.interactive.action));
  chat.append(line);
  get("log").scrollTop = chat.scrollHeight;
  get("state").textContent = direction === "out" ? "terkirim" : "simulasi";
}

function markRead(ids) {
  for (const line of chat.querySelectorAll("li.out")) {
    if (ids.includes(line.dataset.id)) line.querySelector(".meta").textContent = "dibaca";
  }
  const last = chat.lastElementChild;
  if (last && last.className === "out" && ids.includes(last.dataset.id)) get("state").textContent = "mengetik…";
}

async function fetchNew() {
  const found = await call(`simulator/chat?person=${encodeURIComponent(person)}&from=${position}`);
  if (found.next < position) return begin(person);
  position = found.next;
  found.messages.forEach(show);
  markRead(found.read);
}

function begin(name) {
  person = name;
  position = 0;
  chat.replaceChildren();
  get("name").value = name;
}

// One look after the other, so that nothing is shown twice.
let looking = Promise.resolve();

function look() {
  looking = looking.then(fetchNew).catch(showTrouble);
  return looking;
}

function closeMenu() {
  get("menu").hidden = true;
  get("more").setAttribute("aria-expanded", "false");
}

get("menu").append(
  ...ATTACHMENTS.map(([label, kind, part]) => {
    const pick = () => {
      closeMenu();
      get("text").focus();
      send(kind, part);
    };
    return element("li", {}, element("button", { type: "button", textContent: label, onclick: pick }));
  }),
);
get("more").onclick = () => {
  const closed = get("menu").hidden;
  get("menu").hidden = !closed;
  get("more").setAttribute("aria-expanded", String(closed));
  if (closed) get("menu").querySelector("button").focus();
};
document.addEventListener("keydown", (event) => event.key === "Escape" && closeMenu());
get("close").onclick = () => get("sheet").close();
get("persona").onsubmit = (event) => {
  event.preventDefault();
  hidesNumber = get("hides").checked;
  begin(get("name").value.trim() || "Budi");
  look();
};
get("failure").onsubmit = async (event) => {
  event.preventDefault();
  const code = get("code").value;
  await call("simulator/failure", code ? { code: Number(code) } : {});
  get("notice").textContent = "Kiriman SIGAP berikutnya akan gagal satu kali.";
};
get("compose").onsubmit = (event) => {
  event.preventDefault();
  const body = get("text").value;
  if (!body.trim()) return;
  get("text").value = "";
  send("text", { body });
};
get("text").onkeydown = (event) => {
  if (event.key === "Enter" && !event.shiftKey) {
    event.preventDefault();
    get("compose").requestSubmit();
  }
};

begin(person);
look();
setInterval(look, 700);
