import { expect, test } from "vitest";
import { isolated } from "../../src/service/answers.ts";

test("an answer gets the headers that threads need, and keeps its own", async () => {
  const answer = isolated(new Response("page", { headers: { "content-type": "text/html" } }));
  expect(answer.headers.get("cross-origin-opener-policy")).toBe("same-origin");
  expect(answer.headers.get("cross-origin-embedder-policy")).toBe("require-corp");
  expect(answer.headers.get("content-type")).toBe("text/html");
  expect(await answer.text()).toBe("page");
});

test("an answer without a body stays without one", () => {
  expect(isolated(new Response(null, { status: 304 })).status).toBe(304);
});
