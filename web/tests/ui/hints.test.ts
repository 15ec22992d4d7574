import { expect, test } from "vitest";
import signs from "../../src/diagnose/signs.json" with { type: "json" };
import type { Editor } from "../../src/editor/editor.ts";
import type { Kind } from "../../src/report.ts";
import { remedyOf } from "../../src/ui/studio/remedies.ts";
import { photo, stubDesk, until } from "./stub_session.ts";

test("each photo of the queue keeps what is said of it", async () => {
  const stub = stubDesk();
  stub.desk.add([photo("a.jpg"), photo("odd.jpg")]);
  await until(() => stub.desk.state.value.items.every(({ state }) => state === "done"));
  expect(stub.desk.state.value.items.map(({ report }) => report?.verdict)).toEqual(["fine", "look"]);
});

test("the finer network is offered at its price, and asked at once where it is here already", async () => {
  const priced = stubDesk({ small: 0, full: 44 });
  priced.desk.add([photo("a.jpg")]);
  await until(() => priced.desk.state.value.items[0]!.state === "done");
  priced.desk.state.change({ offer: null });
  await priced.desk.offerFiner();
  expect(priced.desk.state.value.offer).toBe(44);
  const here = stubDesk();
  here.preferences.change({ quality: "small" });
  here.desk.add([photo("a.jpg")]);
  await until(() => here.desk.state.value.items[0]!.state === "done");
  await here.desk.offerFiner();
  await until(() => here.desk.state.value.items[0]!.found?.models.length === 2);
  expect(here.preferences.value.quality).toBe("full");
});

test("remedies choose a tool, open a panel, or let glass through", () => {
  const done: string[] = [];
  const editor = {
    choose: (tool: string) => done.push(tool),
    letThrough: async (word: string) => done.push(word),
  } as unknown as Editor;
  const helped = signs.signs
    .map(({ kind }) => [kind, remedyOf(kind as Kind, editor, (panel) => done.push(panel))] as const)
    .filter(([, remedy]) => remedy !== null)
    .map(([kind, remedy]) => {
      remedy!.perform();
      return [kind, done.at(-1)];
    });
  expect(Object.fromEntries(helped)).toEqual({
    "no-subject": "restore",
    "network-disagreement": "smart-restore",
    "uncertain-edges": "edge",
    "similar-colours": "smart-restore",
    transparent: "strong",
    "several-subjects": "subjects",
    "cut-by-frame": "canvas",
    blurred: "edge",
  });
});
