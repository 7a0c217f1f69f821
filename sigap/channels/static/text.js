// WhatsApp's formatting, built of nodes so that no text can ever become markup.

const BULLET = /^\s*[•*-]\s+(.*)$/;
const NUMBERED = /^\s*(\d{1,2})[.)]\s+(.*)$/;

// A link, or *bold* and _italic_ that hug their words and stand apart from other letters (paspor_online is neither).
const INLINE =
  /\b(?:https?:\/\/|www\.)[^\s<>"]+|\btel:\+?[\d-]{5,}|(^|[^\p{L}\p{N}])([*_])(\S|\S.*?\S)\2(?![\p{L}\p{N}])/giu;

const SAFE = new Set(["http:", "https:", "tel:"]);

export function element(tag, className, ...children) {
  const node = document.createElement(tag);
  if (className) node.className = className;
  node.append(...children);
  return node;
}

export function formatted(text) {
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
  let url;
  try {
    url = new URL(href);
  } catch {
    return address;
  }
  if (!SAFE.has(url.protocol)) return address;
  const anchor = element("a", "", address.replace(/^tel:/i, ""));
  anchor.href = href;
  if (url.protocol !== "tel:") {
    anchor.append(element("span", "unseen", " (membuka tab baru)"));
    anchor.target = "_blank";
    anchor.rel = "noopener noreferrer";
  }
  return anchor;
}
