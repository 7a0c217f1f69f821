"use strict";
// What the pages need beyond htmx: buttons of a tried answer, and marking phrases with the mouse.

document.addEventListener("click", (event) => {
  const says = event.target.closest("[data-kirim]");
  const input = document.getElementById("kata");
  if (says && input) {
    input.value = says.dataset.kirim;
    input.form.requestSubmit();
  }
});

// Messages disappear by themselves, except those that ask for something.
document.addEventListener("htmx:afterSwap", (event) => {
  if (event.target.id === "kabar" && event.target.querySelector(".berhasil")) {
    const shown = event.target.firstElementChild;
    setTimeout(() => shown.remove(), 6000);
  }
});

// Marking: what is selected in the message becomes [text](entity:value).
const MARK = /\[([^\]]+)\]\(([a-z_]+)(?::([^)]*))?\)/g;

function parts(fieldset) {
  const form = fieldset.closest("form");
  return {
    input: form.querySelector("[data-tandai]"),
    entity: fieldset.querySelector("[data-jenis]"),
    value: fieldset.querySelector("[data-isi]"),
    known: fieldset.querySelector("datalist"),
    shown: fieldset.querySelector(".tampak"),
  };
}

function show(fieldset) {
  const { input, shown } = parts(fieldset);
  shown.replaceChildren();
  let done = 0;
  for (const found of input.value.matchAll(MARK)) {
    shown.append(input.value.slice(done, found.index));
    const mark = document.createElement("mark");
    mark.textContent = found[1];
    mark.title = found[3] ? `${found[2]}: ${found[3]}` : found[2];
    shown.append(mark);
    done = found.index + found[0].length;
  }
  if (done) shown.append(input.value.slice(done));
}

function offer(fieldset) {
  const { entity, value, known } = parts(fieldset);
  const values = (entity.selectedOptions[0].dataset.nilai || "").split(" ").filter(Boolean);
  known.id = known.id || `nilai-${Math.random().toString(36).slice(2)}`;
  value.setAttribute("list", known.id);
  known.replaceChildren(...values.map((one) => new Option(one, one)));
  value.value = values.length && values.length <= 10 ? values[0] : "";
}

function changed(input) {
  input.dispatchEvent(new Event("input", { bubbles: true }));
}

document.addEventListener("click", (event) => {
  const fieldset = event.target.closest("[data-penanda]");
  if (!fieldset) return;
  const { input, entity, value } = parts(fieldset);
  const [start, end] = [input.selectionStart, input.selectionEnd];
  if (event.target.closest("[data-pasang]")) {
    const chosen = input.value.slice(start, end);
    const text = chosen.trim();
    if (!text || /[[\]]/.test(text)) return;
    const from = start + chosen.indexOf(text);
    const label = value.value.trim() ? `${entity.value}:${value.value.trim()}` : entity.value;
    input.setRangeText(`[${text}](${label})`, from, from + text.length, "end");
    changed(input);
  } else if (event.target.closest("[data-lepas]")) {
    input.value = input.value.replace(MARK, (all, text, _entity, _value, at) =>
      at <= end && start <= at + all.length ? text : all);
    changed(input);
  }
});

document.addEventListener("change", (event) => {
  if (event.target.matches("[data-jenis]")) offer(event.target.closest("[data-penanda]"));
});

// Neighbours of the message that is being typed, once the typing pauses.
let pause;

function neighbours(input) {
  if (!input.isConnected) return;
  const intent = input.form.elements.niat_baru || input.form.elements.niat;
  const asked = new URLSearchParams({ pesan: input.value, niat: intent.value });
  htmx.ajax("GET", `/contoh/tetangga?${asked}`, { target: input.form.querySelector(".tetangga-di-sini"), swap: "innerHTML" });
}

document.addEventListener("input", (event) => {
  if (!event.target.matches("[data-tetangga]")) return;
  clearTimeout(pause);
  pause = setTimeout(() => neighbours(event.target), 250);
});

document.addEventListener("input", (event) => {
  if (event.target.matches("[data-tandai]")) show(event.target.closest("form").querySelector("[data-penanda]"));
});

document.addEventListener("htmx:load", (event) => {
  const here = event.detail.elt;
  for (const fieldset of here.querySelectorAll ? here.querySelectorAll("[data-penanda]") : []) {
    offer(fieldset);
    show(fieldset);
  }
});

// A message that has been added leaves the field free for the next.
document.addEventListener("htmx:afterRequest", (event) => {
  if (event.target.id === "tambah" && event.detail.successful) {
    document.getElementById("pesan-baru").value = "";
    document.getElementById("tetangga-baru").replaceChildren();
    show(event.target.querySelector("[data-penanda]"));
  }
});

// The inbox by keys: 1 2 3 file, 0 not ours, u undo, j k move.
function chosen() {
  return document.activeElement.closest("[data-kelompok]") || document.querySelector("[data-kelompok]:not(.selesai)");
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, textarea, select")) return;
  const group = chosen();
  if (!group) return;
  if (event.key === "j" || event.key === "k") {
    const all = [...document.querySelectorAll("[data-kelompok]")];
    const next = all[all.indexOf(group) + (event.key === "j" ? 1 : -1)];
    if (next) next.focus();
    return;
  }
  const button = group.querySelector(`[data-tombol="${CSS.escape(event.key)}"]`);
  if (button) {
    event.preventDefault();
    button.click();
  }
});

document.addEventListener("htmx:afterSwap", (event) => {
  const settled = document.querySelector(`[data-kelompok="${event.detail.elt.dataset.kelompok}"]`);
  if (settled) settled.focus();
});
