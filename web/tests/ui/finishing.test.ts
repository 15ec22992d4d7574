import { expect, test } from "vitest";
import type { Desk } from "../../src/ui/desk/desk.ts";
import { finishOne } from "../../src/ui/desk/finishing.ts";
import type { Item } from "../../src/ui/desk/item.ts";
import { alphaAt, openEditor, StubSession, stroke } from "../editor/made.ts";

test("a file waits for the answer to a smart stroke: its rough form is not what was asked for", async () => {
  const smart = new StubSession();
  let answer = (): void => undefined;
  smart.answer = new Promise<void>((resolve) => {
    answer = resolve;
  });
  const editor = openEditor([300, 400], smart);
  const committed = editor.perform(stroke("restore", [[300, 150, 1]], { is_smart: true }));
  expect(alphaAt(editor, 300, 150)).toBe(1);
  let given: Float32Array | null = null;
  const desk = {
    whole: async () => {},
    state: { value: { opened: { key: 1, photo: editor.photo, editor } } },
    session: {
      finish: async (_photo: unknown, _recipe: unknown, alpha: Float32Array) => {
        given = alpha;
        return { blob: new Blob(), name: "a.png" };
      },
    },
  } as unknown as Desk;
  const made = finishOne(desk, { key: 1 } as Item, { format: "png", quality: 90 }, new AbortController().signal);
  answer();
  await Promise.all([committed, made]);
  expect(given![150 * 400 + 300]).toBeCloseTo(0.25, 4);
});
