// One script tag on an office's own site: a button that opens the chat.
//   <script src="https://…/webhooks/web/embed.js" async></script>
// data-label="…" changes what stands on the button, data-side="left" moves it to the other corner.
(() => {
  const script = document.currentScript;
  const chat = new URL("./", script.src);
  const label = script.dataset.label || "Tanya SIGAP";
  const side = script.dataset.side === "left" ? "left" : "right";

  // Constructed style sheets need no 'unsafe-inline' in the site's Content-Security-Policy; the shadow root keeps the
  // site's styles and these apart.
  const style = new CSSStyleSheet();
  style.replaceSync(`
    :host { all: initial; position: fixed; z-index: 2147483000; ${side}: 0; bottom: 0; color-scheme: light dark; }
    button { display: flex; align-items: center; gap: 0.6rem; margin: 1.1rem; min-height: 3.25rem; padding: 0.5rem 1.3rem;
      border: 2px solid #ffffff; border-radius: 1.7rem; background: #0f2b57; color: #ffffff; cursor: pointer;
      font: 600 1rem/1.2 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif;
      box-shadow: 0 0.3rem 1.2rem rgb(5 15 35 / 35%); }
    button:hover { background: #17488f; }
    button:focus-visible { outline: 3px solid #d9a93b; outline-offset: 3px; }
    svg { width: 1.5rem; height: 1.5rem; fill: none; stroke: #e3b94f; stroke-width: 2; stroke-linejoin: round; }
    .count { min-width: 1.5rem; padding: 0.15rem 0.4rem; border-radius: 0.8rem; background: #d9a93b; color: #17223b;
      text-align: center; font-size: 0.875rem; }
    .unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
    [hidden] { display: none; }
    iframe { display: block; width: min(26rem, 100vw - 2rem); height: min(44rem, 100vh - 2rem); margin: 1rem; border: 0;
      border-radius: 1rem; background: #eef2f8; box-shadow: 0 0.6rem 2.5rem rgb(5 15 35 / 40%); }
    iframe[hidden] { display: none; }
    @media (prefers-color-scheme: dark) { iframe { background: #0c1422; } }
    @media (max-width: 30rem), (max-height: 30rem) {
      iframe { position: fixed; inset: 0; width: 100%; height: 100%; margin: 0; border-radius: 0; }
    }
    @media print { :host { display: none; } }
    @media (prefers-reduced-motion: no-preference) {
      iframe { animation: open 0.2s ease-out; }
      @keyframes open { from { opacity: 0; transform: translateY(1rem); } }
    }
  `);

  const SVG = "http://www.w3.org/2000/svg";
  const host = document.createElement("sigap-chat");
  const root = host.attachShadow({ mode: "open" });
  root.adoptedStyleSheets = [style];

  const icon = document.createElementNS(SVG, "svg");
  const path = document.createElementNS(SVG, "path");
  icon.setAttribute("viewBox", "0 0 24 24");
  icon.setAttribute("aria-hidden", "true");
  path.setAttribute("d", "M4 5h16v11H11l-5 4v-4H4z");
  icon.append(path);

  const button = document.createElement("button");
  const count = document.createElement("span");
  const countWord = document.createElement("span");
  button.type = "button";
  button.setAttribute("aria-haspopup", "dialog");
  button.setAttribute("aria-expanded", "false");
  count.className = "count";
  count.hidden = true;
  countWord.className = "unseen";
  button.append(icon, label, count, countWord);
  root.append(button);

  let frame = null;

  // Where a browser forbids the frame to keep its conversation, this page keeps it: only SIGAP's own frame is answered,
  // and SIGAP lets only sites that it knows show it.
  const TOKEN = "sigap.token";

  function kept() {
    try {
      return localStorage.getItem(TOKEN);
    } catch {
      return null;
    }
  }

  function keep(token) {
    try {
      if (token) localStorage.setItem(TOKEN, token);
      else localStorage.removeItem(TOKEN);
    } catch {
      // Forbidden here too: the conversation lives as long as the page.
    }
  }

  function open() {
    if (!frame) {
      frame = document.createElement("iframe");
      frame.title = "Obrolan dengan SIGAP";
      frame.allow = "clipboard-write";
      frame.addEventListener("load", tell);
      frame.src = chat.href;
      root.append(frame);
    }
    frame.hidden = false;
    button.hidden = true;
    button.setAttribute("aria-expanded", "true");
    frame.focus();
    tell();
  }

  // The page then puts the focus into its own field.
  function tell() {
    if (!frame.hidden) frame.contentWindow.postMessage({ sigap: "open", token: kept() }, chat.origin);
  }

  function close() {
    frame.hidden = true;
    button.hidden = false;
    button.setAttribute("aria-expanded", "false");
    button.focus();
  }

  button.addEventListener("click", open);
  window.addEventListener("message", ({ origin, source, data }) => {
    if (!frame || source !== frame.contentWindow || origin !== chat.origin) return;
    if (data?.sigap === "close") close();
    if (data?.sigap === "keep") keep(data.token);
    if (data?.sigap === "unread") {
      count.hidden = !data.count;
      count.textContent = data.count;
      countWord.textContent = data.count ? " jawaban belum dibaca" : "";
    }
  });

  if (document.body) document.body.append(host);
  else document.addEventListener("DOMContentLoaded", () => document.body.append(host));
})();
