// Examples: what to send, as a line for the shell, and what comes back.
import { element, json } from "/docs-text.js";

// With spaces, where a narrow window may break it.
const onOneLine = body => JSON.stringify(body, null, 1).replace(/\n\s*/g, " ").replace(/^\{ /, "{").replace(/ \}$/, "}");
const quoted = text => `'${text.replaceAll("'", `'\\''`)}'`;
// `<refresh_token>` stands for what an earlier answer gave: in a shell, for a variable.
const filled = text => text.replace(/<([a-z_]+)>/g, (_, name) => `'"$${name.toUpperCase()}"'`);

export function curl(operation, name, body) {
  const path = operation.path.replace(/\{(\w+)\}/g, (_, parameter) => `$${parameter.toUpperCase()}`);
  const url = operation.base + path;
  const method = operation.method === "GET" || (operation.method === "POST" && body) ? "" : `-X ${operation.method} `;
  const lines = [`curl -i ${method}${url.includes("$") ? `"${url}"` : url}`];
  if (operation.security.some(needs => needs.bearer)) lines.push(`-H "authorization: Bearer $ACCESS_TOKEN"`);
  if (name === "cookies") lines.push("-b cookies.txt -c cookies.txt");
  if (body) lines.push("-H 'content-type: application/json'", `-d ${filled(quoted(onOneLine(body)))}`);
  return lines.join(" \\\n  ");
}

function copyButton(text) {
  const button = element("button", "", "Copy");
  button.onclick = async () => {
    const told = document.getElementById("told");
    try {
      await navigator.clipboard.writeText(text());
      button.textContent = "Copied";
      told.textContent = "Copied";
    } catch {
      // Without leave to write there, the text is marked, to be copied by hand.
      getSelection().selectAllChildren(button.closest("figure").querySelector("pre"));
      told.textContent = "Marked";
    }
    setTimeout(() => { button.textContent = "Copy"; told.textContent = ""; }, 1500);
  };
  return button;
}

export function shown(title, value) {
  const caption = element("figcaption", "", title, copyButton(() => JSON.stringify(value, null, 2)));
  const text = element("pre", "", ...json(value));
  text.tabIndex = 0;
  return element("figure", "", caption, text);
}

// The answer that a request's example gets: the one whose example has the same name, or else the success without a body.
function answerTo(operation, name) {
  const found = operation.answers.find(answer => answer.examples.some(example => example.name === name));
  const example = found?.examples.find(example => example.name === name);
  return [found ?? operation.answers.find(answer => answer.status.startsWith("2")), example];
}

// The request and its answer; with several examples, one to choose.
export function tryIt(operation) {
  const request = element("pre"), answer = element("div");
  request.tabIndex = 0;
  const choice = element("select", "", ...operation.examples.map((example, at) => Object.assign(element("option", "", example.title), { value: at })));
  choice.setAttribute("aria-label", "Example");
  const show = () => {
    const example = operation.examples[choice.value || 0];
    request.textContent = curl(operation, example.name, example.value);
    const [found, body] = answerTo(operation, example.name);
    answer.replaceChildren(body ? shown(`Answer ${found.status}`, body.value) : element("p", "soft", `The answer is ${found.status}, without a body.`));
  };
  choice.onchange = show;
  show();
  const caption = element("figcaption", "", operation.examples.length > 1 ? choice : "Request", copyButton(() => request.textContent));
  return element("div", "example", element("figure", "", caption, request), answer);
}
