import { expect, test } from "vitest";
import type { Recipe, Rectangle } from "../../src/editor/recipe.ts";
import { uniqueName } from "../../src/formats/zip.ts";
import { finishOne, zipAll } from "../../src/ui/desk/finishing.ts";
import { photo, type Stub, stubDesk, until } from "./stub_session.ts";

const states = ({ desk }: Stub): string[] => desk.state.value.items.map((item) => item.state);
const settled = (stub: Stub): Promise<void> =>
  until(() => states(stub).every((state) => ["done", "failed", "stopped"].includes(state)));
const editor = ({ desk }: Stub) => desk.state.value.opened?.editor ?? null;
const NEVER = new AbortController().signal;
const RECTANGLE: Rectangle = { kind: "rectangle", mode: "erase", box: [0, 0, 1, 1] };

test("one photo that fails never stops the rest, and says why", async () => {
  const stub = stubDesk();
  stub.desk.add([photo("a.jpg"), photo("bad.txt"), photo("hard.jpg"), photo("b.jpg")]);
  await settled(stub);
  expect(states(stub)).toEqual(["done", "failed", "failed", "done"]);
  expect(stub.desk.state.value.items[1]!.error).toMatchObject({ code: "not-a-picture" });
  expect(stub.desk.state.value.items[2]!.error).toMatchObject({ code: "device" });
});

test("what an earlier visit left comes behind a photo that was dropped before it, and stays out of its way", async () => {
  const stub = stubDesk();
  stub.desk.add([photo("new.jpg")]);
  stub.desk.bringBack(photo("old.jpg"));
  await settled(stub);
  expect(stub.desk.state.value.items.map(({ name, state }) => [name, state])).toEqual([
    ["new.jpg", "done"],
    ["old.jpg", "done"],
  ]);
  expect(stub.desk.state.value.selected).toBe(stub.desk.state.value.items[0]!.key);
  stub.desk.bringBack(photo("old.jpg"));
  expect(stub.desk.state.value.items).toHaveLength(2);
});

test.each([
  [false, 3],
  [true, 2],
])("twenty photos never hold more than three in memory, and two where it is short", async (isSmall, most) => {
  const stub = stubDesk(undefined, undefined, isSmall);
  stub.desk.add(Array.from({ length: 20 }, (_, at) => photo(`${at}.jpg`)));
  await settled(stub);
  expect(stub.log.mostOpen).toBeLessThanOrEqual(most);
  expect(stub.log.open.size).toBe(1);
});

test("the first answer opens the editor, the last makes it better", async () => {
  const stub = stubDesk();
  stub.desk.add([photo("slow.jpg")]);
  await until(() => editor(stub) !== null);
  expect(stub.desk.state.value.items[0]).toMatchObject({ state: "running", found: { models: ["u2netp"] } });
  stub.desk.stop(stub.desk.state.value.items[0]!.key);
  await settled(stub);
  // What was there before it was stopped is kept.
  expect(states(stub)).toEqual(["done"]);
  expect(editor(stub)).not.toBeNull();
});

test("what a network drew is shown until there is a matte, and who stops meanwhile keeps the cutout", async () => {
  const stub = stubDesk();
  stub.desk.add([photo("late and rough.jpg")]);
  await until(() => stub.desk.state.value.opened?.sketch !== null && stub.desk.state.value.opened !== null);
  expect(stub.desk.state.value.opened).toMatchObject({ sketch: { size: [1, 2] }, editor: null });
  expect(stub.desk.state.value.items[0]).toMatchObject({ first_s: 0.5, found: null });
  stub.desk.stop(stub.desk.state.value.items[0]!.key);
  stub.pack();
  await settled(stub);
  expect(states(stub)).toEqual(["done"]);
  expect(editor(stub)!.state.recipe.predictions).toHaveLength(1);
  expect(stub.desk.state.value.items[0]).toMatchObject({ first_s: 0.5, found: { seconds: 1 } });
});

test("a photo whose edges cannot be made is shown whole again, and tried again from the beginning", async () => {
  const stub = stubDesk();
  stub.desk.add([photo("hard and rough.jpg")]);
  await until(() => Boolean(stub.desk.state.value.opened?.sketch));
  stub.pack();
  await settled(stub);
  expect(states(stub)).toEqual(["failed"]);
  expect(stub.desk.state.value.opened).toMatchObject({ sketch: null, editor: null });
  expect(stub.desk.state.value.items[0]!.first_s).toBeNull();
});

test("what is drawn of a photo that has its matte already is no news", async () => {
  const stub = stubDesk();
  stub.preferences.change({ quality: "small" });
  stub.desk.add([photo("a rough one.jpg")]);
  stub.pack();
  await settled(stub);
  const before = stub.desk.state.value.opened;
  stub.desk.answerOffer(true);
  await until(() => stub.desk.state.value.items[0]!.found!.models.length === 2);
  expect(stub.desk.state.value.opened).toBe(before);
});

test("what works on a picture waits until that is on the screen, and waits anew for the next photo", async () => {
  const stub = stubDesk();
  stub.desk.add([photo("a.jpg"), photo("b.jpg")]);
  await settled(stub);
  const isSeen = (): boolean | undefined => stub.desk.state.value.opened?.isSeen;
  const first = editor(stub)!;
  expect(isSeen()).toBe(false);
  stub.desk.see(first);
  expect(isSeen()).toBe(true);
  await stub.desk.select(stub.desk.state.value.items[1]!.key);
  expect(editor(stub)).not.toBe(first);
  stub.desk.see(first); // that one is gone
  expect(isSeen()).toBe(false);
});

test("no photo waits for small pictures, and they show the cutout that came meanwhile", async () => {
  let rest = (): void => {};
  const stub = stubDesk(undefined, new Promise((resolve) => (rest = resolve)));
  stub.desk.add([photo("a.jpg"), photo("b.jpg")]);
  await settled(stub);
  const thumbnails = (): (string | null)[] => stub.desk.state.value.items.map(({ thumbnail }) => thumbnail);
  expect(thumbnails()).toEqual([null, null]);
  rest();
  await until(() => thumbnails().every(Boolean));
  expect(thumbnails()).toEqual(["blob:cutout", "blob:cutout"]);
});

test("who stops a photo before its answers are packed has a whole recipe all the same", async () => {
  const stub = stubDesk();
  stub.desk.add([photo("late.jpg")]);
  await until(() => editor(stub) !== null);
  const { key } = stub.desk.state.value.items[0]!;
  expect(stub.desk.recipe(key)!.predictions).toEqual([]);
  stub.desk.stop(key);
  const whole = stub.desk.whole(key);
  stub.pack();
  await whole;
  await settled(stub);
  expect(states(stub)).toEqual(["done"]);
  expect(stub.desk.state.value.items[0]!.found!.models).toEqual(["u2netp"]);
  expect(stub.desk.recipe(key)!.predictions.map(({ model }) => model)).toEqual(["u2netp"]);
  expect(stub.desk.item(key)!.recipe!.predictions).toHaveLength(1);
});

test("a file of a photo whose answers are being packed waits for them", async () => {
  const stub = stubDesk();
  stub.desk.add([photo("late.jpg")]);
  await until(() => editor(stub) !== null);
  let given: Recipe | null = null;
  const finish = stub.session.finish;
  stub.session.finish = (...asked) => {
    given = asked[1];
    return finish(...asked);
  };
  const made = finishOne(stub.desk, stub.desk.state.value.items[0]!, { format: "png", quality: 90 }, NEVER);
  await new Promise((resolve) => setTimeout(resolve));
  expect(given).toBeNull();
  stub.pack();
  await made;
  expect(given!.predictions).not.toEqual([]);
});

test("the next photo comes while the last one is diagnosed", async () => {
  const stub = stubDesk();
  stub.preferences.change({ quality: "small" });
  stub.desk.add([photo("doubtful.jpg"), photo("b.jpg")]);
  await until(() => states(stub)[1] === "done");
  expect(states(stub)).toEqual(["running", "done"]);
  stub.pack();
  await settled(stub);
  expect(states(stub)).toEqual(["done", "done"]);
  expect(stub.desk.state.value.items[0]!.report).toMatchObject({ verdict: "fine" });
});

test("where memory is short the next photo waits until all was said of the last", async () => {
  const stub = stubDesk(undefined, undefined, true);
  stub.preferences.change({ quality: "small" });
  stub.desk.add([photo("doubtful.jpg"), photo("b.jpg")]);
  await until(() => (stub.desk.recipe(stub.desk.state.value.items[0]!.key)?.predictions.length ?? 0) > 0);
  await new Promise((resolve) => setTimeout(resolve, 10));
  expect(states(stub)).toEqual(["running", "waiting"]);
  stub.pack();
  await settled(stub);
  expect(stub.log.mostOpen).toBeLessThanOrEqual(2);
});

test("a stopped photo lets the next one go on, and can be tried again", async () => {
  const stub = stubDesk();
  stub.desk.add([photo("slow.jpg"), photo("b.jpg"), photo("c.jpg")]);
  await until(() => editor(stub) !== null);
  stub.desk.stop(stub.desk.state.value.items[2]!.key);
  stub.desk.stop(stub.desk.state.value.items[0]!.key);
  await settled(stub);
  expect(states(stub)).toEqual(["done", "done", "stopped"]);
  stub.desk.retry(stub.desk.state.value.items[2]!.key);
  await settled(stub);
  expect(states(stub)).toEqual(["done", "done", "done"]);
});

test("before a large download the person is asked, once", async () => {
  const stub = stubDesk({ small: 0, full: 88_000_000 });
  stub.desk.add([photo("a.jpg")]);
  await until(() => stub.desk.state.value.offer !== null);
  expect(stub.log.asked).toEqual([["a.jpg", "small"]]);
  expect(stub.desk.state.value.offer).toBe(88_000_000);
  stub.desk.answerOffer(true);
  await until(() => stub.log.asked.length === 2);
  await settled(stub);
  expect(stub.log.asked[1]).toEqual(["a.jpg", "full"]);
  expect(stub.desk.state.value.items[0]!.found!.models).toEqual(["u2netp", "isnet-general"]);
  expect(stub.preferences.value.quality).toBe("full");
});

test("who stays small is never asked again", async () => {
  const stub = stubDesk({ small: 0, full: 88_000_000 });
  stub.desk.add([photo("a.jpg")]);
  await until(() => stub.desk.state.value.offer !== null);
  stub.desk.answerOffer(false);
  stub.desk.add([photo("b.jpg")]);
  await settled(stub);
  expect(stub.log.asked).toEqual([
    ["a.jpg", "small"],
    ["b.jpg", "small"],
  ]);
  expect(stub.desk.state.value.offer).toBeNull();
});

test("what was done to a photo is there when it is opened again", async () => {
  const stub = stubDesk();
  stub.desk.add([photo("a.jpg"), photo("b.jpg")]);
  await settled(stub);
  const [a, b] = stub.desk.state.value.items;
  await editor(stub)!.perform(RECTANGLE);
  editor(stub)!.set({ background: { kind: "colour", colour: "#ffffff" } });
  await stub.desk.select(b!.key);
  await until(() => editor(stub)?.photo.name === "b.jpg");
  expect(stub.log.closedEditors).toHaveLength(1);
  await stub.desk.select(a!.key);
  await until(() => editor(stub)?.photo.name === "a.jpg");
  expect(editor(stub)!.state.recipe).toMatchObject({ acts: [RECTANGLE], background: { colour: "#ffffff" } });
  expect(stub.log.open.size).toBe(1);
});

test("a finer answer keeps what was done meanwhile", async () => {
  const stub = stubDesk({ small: 0, full: 9 });
  stub.desk.add([photo("a.jpg")]);
  await until(() => stub.desk.state.value.offer !== null);
  await editor(stub)!.perform(RECTANGLE);
  stub.desk.answerOffer(true);
  await until(() => stub.log.asked.length === 2);
  await settled(stub);
  expect(stub.desk.recipe(stub.desk.state.value.items[0]!.key)!.acts).toEqual([RECTANGLE]);
});

test("a background for all reaches photos that are done and photos that come", async () => {
  const stub = stubDesk();
  stub.desk.add([photo("a.jpg"), photo("b.jpg")]);
  await settled(stub);
  editor(stub)!.set({ background: { kind: "colour", colour: "#ffffff" } });
  stub.desk.shareSettings();
  stub.desk.add([photo("c.jpg"), photo("d.jpg")]);
  await settled(stub);
  const kinds = stub.desk.state.value.items.map((item) => stub.desk.recipe(item.key)!.background.kind);
  expect(kinds).toEqual(["colour", "colour", "colour", "colour"]);
});

test("removing the open photo opens its neighbour", async () => {
  const stub = stubDesk();
  stub.desk.add([photo("a.jpg"), photo("b.jpg")]);
  await settled(stub);
  stub.desk.remove(stub.desk.state.value.items[0]!.key);
  await until(() => editor(stub)?.photo.name === "b.jpg");
  stub.desk.remove(stub.desk.state.value.items[0]!.key);
  expect(stub.desk.state.value).toMatchObject({ items: [], selected: null, opened: null });
  expect(stub.log.open.size).toBe(0);
});

test("a recipe that comes with its photo is applied", async () => {
  const stub = stubDesk();
  stub.desk.add([photo("a.jpg")]);
  await settled(stub);
  const recipe = { ...stub.desk.recipe(stub.desk.state.value.items[0]!.key)!, edge_shift: 3, acts: [RECTANGLE] };
  const other = stubDesk();
  other.desk.add([{ ...photo("a.jpg"), recipe }]);
  await settled(other);
  expect(editor(other)!.state.recipe).toMatchObject({ edge_shift: 3, acts: [RECTANGLE] });
});

test("the ZIP has every photo that can be made, two of one name as two", async () => {
  const stub = stubDesk();
  stub.desk.add([photo("a.jpg"), photo("a.jpg"), photo("bad.txt"), photo("c.jpg")]);
  await settled(stub);
  const { blob, count, failed } = await zipAll(
    stub.desk,
    { format: "png", quality: 90 },
    () => {},
    new AbortController().signal,
  );
  expect([count, failed]).toEqual([3, []]);
  const { unzipSync } = await import("fflate");
  const names = Object.keys(unzipSync(new Uint8Array(await blob.arrayBuffer())));
  expect(names).toEqual(["a-cutout.png", "a-cutout-2.png", "c-cutout.png"]);
});

test("names stay apart whatever their case", () => {
  const taken = new Set<string>();
  expect(["A.png", "a.png", "a.png"].map((name) => uniqueName(name, taken))).toEqual(["A.png", "a-2.png", "a-3.png"]);
});
