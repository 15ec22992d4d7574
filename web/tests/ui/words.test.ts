/** All words for people are in `strings/`, so that the page can be translated by one file. */
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseAst } from "vite";
import { expect, test } from "vitest";
import { en } from "../../src/strings/en.ts";

const UI = fileURLToPath(new URL("../../src/ui/", import.meta.url));
/** Attributes that people see or hear. */
const SPOKEN = new Set(["aria-label", "title", "label", "placeholder", "alt", "says", "aria-description"]);

interface Node {
  readonly type: string;
  readonly [key: string]: unknown;
}

function isNode(value: unknown): value is Node {
  return typeof value === "object" && value !== null && typeof (value as Node).type === "string";
}

/** Every text with a letter in it that JSX would show, or give to a spoken attribute. */
function literals(source: string): string[] {
  const found: string[] = [];
  const text = (node: unknown): void => {
    if (!isNode(node)) return;
    if (node.type === "Literal" && typeof node.value === "string" && /\p{L}/u.test(node.value)) found.push(node.value);
    if (node.type === "JSXExpressionContainer") text(node.expression);
    if (node.type === "ConditionalExpression") [node.consequent, node.alternate].forEach(text);
    if (node.type === "LogicalExpression") [node.left, node.right].forEach(text);
  };
  const walk = (node: unknown): void => {
    if (Array.isArray(node)) node.forEach(walk);
    if (!isNode(node)) return;
    if (node.type === "JSXText" && /\p{L}/u.test(String(node.value))) found.push(String(node.value).trim());
    if (node.type === "JSXElement") (node.children as unknown[]).forEach(text);
    if (node.type === "JSXAttribute" && SPOKEN.has(String((node.name as Node).name))) text(node.value);
    Object.values(node).forEach(walk);
  };
  walk(parseAst(source, { lang: "tsx" }));
  return found;
}

test("a word in JSX or in a spoken attribute is found", () => {
  expect(literals(`const a = <p title="Hello" class="x">World {b ? "yes" : 1}</p>;`).sort()).toEqual([
    "Hello",
    "World",
    "yes",
  ]);
});

test("no file of the page has words of its own", () => {
  const files = (readdirSync(UI, { recursive: true }) as string[]).filter((name) => name.endsWith(".tsx"));
  expect(files.length).toBeGreaterThan(20);
  const own = files.flatMap((name) => literals(readFileSync(UI + name, "utf8")).map((text) => `${name}: ${text}`));
  expect(own).toEqual([]);
});

test("every error has a sentence and something to do", () => {
  for (const [code, { what, todo }] of Object.entries(en.errors)) {
    expect(what, code).toMatch(/\.$/);
    expect(todo, code).toMatch(/\.$/);
  }
});
