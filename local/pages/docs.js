// The contract of the API as a page: made of /openapi.json when it is opened.
import { element, paragraphs } from "/docs-text.js";
import { headers, members, parameters, resolver } from "/docs-fields.js";
import { shown, tryIt } from "/docs-examples.js";

const $ = id => document.getElementById(id);
const METHODS = ["get", "post", "put", "patch", "delete"];

// One operation with all that its path and the document say of it.
function operation(contract, resolve, path, method) {
  const item = contract.paths[path], said = item[method];
  const body = resolve(said.requestBody)?.content?.["application/json"];
  const answers = Object.entries(said.responses).map(([status, given]) => ({ status, ...answer(resolve(given), resolve) }));
  const examples = Object.entries(body?.examples ?? {}).map(([name, given]) => {
    const { summary, value } = resolve(given);
    return { name, title: summary ?? said.summary, value };
  });
  // Without a body there is but one request; its answer is the first example of the success.
  const first = answers.find(({ status }) => status.startsWith("2"))?.examples[0]?.name;
  return {
    id: said.operationId, tag: said.tags[0], summary: said.summary, description: said.description,
    method: method.toUpperCase(), path, answers,
    base: new URL((item.servers ?? contract.servers)[0].url).pathname.replace(/^\/?/, `${location.origin}/`).replace(/\/$/, ""),
    security: said.security ?? contract.security,
    parameters: [...(item.parameters ?? []), ...(said.parameters ?? [])].map(resolve),
    fields: resolve(body?.schema), examples: examples.length ? examples : [{ name: first, title: said.summary }],
  };
}

function answer(response, resolve) {
  const media = Object.entries(response.content ?? {});
  const examples = media.flatMap(([, { examples }]) => Object.entries(examples ?? {}).map(([name, given]) => ({ name, ...resolve(given) })));
  return {
    description: response.description, examples, headers: Object.entries(response.headers ?? {}),
    bodies: media.map(([type, { schema }]) => [type, resolve(schema)]),
  };
}

function needs({ security }) {
  const all = security.flatMap(Object.keys);
  if (all.includes("bearer")) return "needs an access token";
  return all.some(name => name === "refreshCookie") ? "needs a refresh token" : "open to all";
}

function answersOf(operation, resolve) {
  return element("div", "answers", ...operation.answers.map(({ status, description, examples, headers: sent, bodies }) => {
    const kind = status.startsWith("2") ? "status ok" : "status no";
    const [first, ...rest] = paragraphs(description);
    const inside = element("div", "inside", ...rest);
    if (sent.length) inside.append(element("h4", "", "Headers"), headers(sent, resolve));
    for (const [type, schema] of bodies) if (schema.properties) inside.append(element("h4", "", type), members(schema, resolve, ""));
    inside.append(...examples.map(({ name, value }) => shown(name.replaceAll("_", " "), value)));
    return element("details", "", element("summary", "", element("span", kind, status === "default" ? "other" : status), first), inside);
  }));
}

function article(operation, resolve) {
  const link = Object.assign(element("a", "", operation.summary), { href: `#${operation.id}` });
  const route = element("p", "route", element("span", `method ${operation.method.toLowerCase()}`, operation.method),
    element("code", "", operation.base.slice(location.origin.length) + operation.path), element("span", "needs", needs(operation)));
  const sent = element("div", "sent", ...paragraphs(operation.description));
  if (operation.parameters.length) sent.append(element("h4", "", "Parameters"), parameters(operation.parameters, resolve));
  if (operation.fields?.properties) sent.append(element("h4", "", "Body"), members(operation.fields, resolve, "required"));
  const back = element("div", "back", element("h4", "", "Answers"), answersOf(operation, resolve));
  const made = element("article", "", element("h3", "", link), route, element("div", "parts", sent, tryIt(operation), back));
  made.id = operation.id;
  return made;
}

function render(contract) {
  const resolve = resolver(contract);
  const operations = Object.entries(contract.paths).flatMap(([path, item]) => METHODS.filter(method => item[method]).map(method => operation(contract, resolve, path, method)));
  $("intro").replaceChildren(...paragraphs(contract.info.description));
  const entries = [], sections = [], nav = [];
  for (const { name, description } of contract.tags) {
    const list = element("ul"), heading = element("h2", "", name);
    const section = element("section", "", element("h2", "", name), ...paragraphs(description));
    for (const one of operations.filter(({ tag }) => tag === name)) {
      const made = article(one, resolve);
      const method = element("span", `method ${one.method.toLowerCase()}`, one.method.replace("DELETE", "DEL"));
      const link = Object.assign(element("a", "", method, element("span", "", one.summary)), { href: `#${one.id}` });
      const item = element("li", "", link);
      list.append(item);
      section.append(made);
      entries.push({ made, item, link, text: `${one.id} ${one.path} ${made.textContent}`.toLowerCase() });
    }
    nav.push(heading, list);
    sections.push({ section, heading, list });
  }
  $("nav").replaceChildren(...nav);
  $("sections").replaceChildren(...sections.map(({ section }) => section));
  return { entries, sections };
}

// Leaves what has every word that is searched for.
function search({ entries, sections }, query) {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  for (const { made, item, text } of entries) made.hidden = item.hidden = !words.every(word => text.includes(word));
  for (const { section, heading, list } of sections) section.hidden = heading.hidden = list.hidden = [...list.children].every(item => item.hidden);
  $("intro").hidden = words.length > 0;
  $("nothing").hidden = entries.some(({ made }) => !made.hidden);
}

// Marks in the contents what is being read.
function follow(entries) {
  const mark = entry => entries.forEach(({ link }) => link === entry?.link ? link.setAttribute("aria-current", "true") : link.removeAttribute("aria-current"));
  const seen = new Set();
  const observer = new IntersectionObserver(changes => {
    for (const { target, isIntersecting } of changes) isIntersecting ? seen.add(target) : seen.delete(target);
    mark(entries.find(({ made }) => seen.has(made)));
  }, { rootMargin: "-15% 0px -60% 0px" });
  entries.forEach(({ made }) => observer.observe(made));
}

try {
  const response = await fetch("/openapi.json", { cache: "no-store" });
  const told = await response.json();
  if (!response.ok) throw new Error(told.message);
  const rendered = render(told);
  follow(rendered.entries);
  $("contents").open = matchMedia("(min-width: 52rem)").matches;
  $("nav").onclick = () => { if (!matchMedia("(min-width: 52rem)").matches) $("contents").open = false; };
  $("search").oninput = () => search(rendered, $("search").value);
  addEventListener("keydown", event => {
    if (event.key !== "/" || event.target.matches("input, select")) return;
    event.preventDefault();
    $("search").focus();
  });
  // What the address names is only there now; later, a search may hide it.
  const go = () => {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (target?.hidden) search(rendered, $("search").value = "");
    target?.scrollIntoView();
  };
  addEventListener("hashchange", go);
  go();
} catch (error) {
  $("error").hidden = false;
  $("error").textContent = error.message;
}
