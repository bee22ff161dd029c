// Elements, and the little of Markdown that descriptions have.

// Values only ever become text nodes and properties, never markup.
export const element = (tag, kind = "", ...children) => {
  const made = Object.assign(document.createElement(tag), { className: kind });
  made.append(...children.filter(child => child !== null && child !== undefined));
  return made;
};

// `code`, ``code with ` in it``, **bold**.
export function inline(text) {
  return text.split(/(``.+?``|`[^`]+`|\*\*[^*]+\*\*)/).map(part => {
    if (part.startsWith("``")) return element("code", "", part.slice(2, -2));
    if (part.startsWith("`")) return element("code", "", part.slice(1, -1));
    if (part.startsWith("**")) return element("strong", "", part.slice(2, -2));
    return part;
  });
}

const onOneLine = text => inline(text.trim().replace(/\s+/g, " "));

// Paragraphs, and lists whose items begin with a hyphen.
export function paragraphs(text) {
  return (text ?? "").trim().split(/\n\s*\n/).filter(Boolean).map(part => {
    if (!part.startsWith("- ")) return element("p", "", ...onOneLine(part));
    return element("ul", "", ...part.slice(2).split(/\n- /).map(item => element("li", "", ...onOneLine(item))));
  });
}

// A line of JSON at a time, with its names and words in colours.
export function json(value) {
  const text = JSON.stringify(value, null, 2);
  return text.split(/("(?:[^"\\]|\\.)*"(?:\s*:)?|\b(?:true|false|null)\b|-?\b\d+(?:\.\d+)?\b)/).map(part => {
    if (/^".*:$/s.test(part)) return element("span", "key", part);
    if (part.startsWith('"')) return element("span", "text", part);
    if (/^(?:true|false|null|-?\d)/.test(part)) return element("span", "word", part);
    return part;
  });
}
