// What bodies, parameters and headers are made of.
import { element, inline, paragraphs } from "/docs-text.js";

// What a $ref stands for, with what is said beside it.
export function resolver(contract) {
  return function resolve(part) {
    if (!part?.$ref) return part;
    const found = part.$ref.slice(2).split("/").reduce((at, name) => at[name.replaceAll("~1", "/").replaceAll("~0", "~")], contract);
    const { $ref, ...beside } = part;
    return { ...resolve(found), ...beside };
  };
}

// `oneOf` of something and null is how a member says that it may be null.
function withoutNull(schema, resolve) {
  const others = schema.oneOf?.filter(one => one.type !== "null").map(resolve);
  if (!others || others.length === schema.oneOf.length || others.length !== 1) return [schema, others?.length !== schema.oneOf?.length];
  const { oneOf, ...beside } = schema;
  return [{ ...others[0], ...beside }, true];
}

const length = ({ minLength: least, maxLength: most }) => {
  if (least > 1 && most) return `${least} to ${most} characters`;
  return most ? `up to ${most} characters` : "";
};

const range = ({ minimum: least, maximum: most }) => {
  if (least !== undefined && most !== undefined) return `${least} to ${most}`;
  return least ? `${least} or more` : "";
};

function typeInWords(schema, isNullable, resolve) {
  const types = [schema.type ?? []].flat();
  const nullable = isNullable || types.includes("null");
  let words = types.filter(type => type !== "null").join(" or ");
  if (schema.enum) words = schema.enum.map(word => JSON.stringify(word)).join(" | ");
  if (schema.const !== undefined) words = JSON.stringify(schema.const);
  if (schema.oneOf && !schema.type) words = "object";
  if (words === "array") words = `array of ${resolve(schema.items).type ?? "object"}s`;
  if (schema.format && schema.format !== "password") words = schema.format.replace("uri", "URL").replace("uuid", "UUID");
  const more = [length(schema), range(schema), schema.default !== undefined && `default ${JSON.stringify(schema.default)}`];
  return [nullable ? `${words} or null` : words, ...more.filter(Boolean)].join(", ");
}

function field(name, given, isRequired, resolve, must) {
  const [schema, isNullable] = withoutNull(resolve(given), resolve);
  const item = element("li", "", element("code", "", name), element("span", "type", typeInWords(schema, isNullable, resolve)));
  if (isRequired && must) item.append(element("span", "must", must));
  item.append(...paragraphs(schema.description));
  const inner = schema.type === "array" ? resolve(schema.items) : schema;
  const parts = inner.properties ? [inner] : (inner.oneOf ?? []).map(resolve).filter(one => one?.properties);
  if (parts.length) {
    const of = parts.length > 1 ? "One of these" : "Its members";
    item.append(element("details", "", element("summary", "soft", of), ...parts.map(part => members(part, resolve, ""))));
  }
  return item;
}

// The members of an object. In requests those that must be there are marked, in answers all others are.
export function members(schema, resolve, must) {
  const required = new Set(schema.required ?? []);
  const items = Object.entries(schema.properties ?? {}).map(([name, part]) => {
    const item = field(name, part, required.has(name), resolve, must);
    if (!must && !required.has(name)) item.children[1].append(", not always there");
    return item;
  });
  return element("ul", "fields", ...items);
}

export const parameters = (list, resolve) =>
  element("ul", "fields", ...list.map(part => {
    const item = field(part.name, part.schema, part.required, resolve, "required");
    item.querySelectorAll(":scope > p").forEach(paragraph => paragraph.remove());
    item.append(...paragraphs(part.description));
    return item;
  }));

export const headers = (entries, resolve) =>
  element("ul", "fields", ...entries.map(([name, given]) => {
    const header = resolve(given);
    return element("li", "", element("code", "", name), ...paragraphs(header.description), element("p", "soft", ...inline(`\`${header.example}\``)));
  }));
