import { unzipSync } from "fflate";
import { expect, test } from "vitest";
import { latin1 } from "../../src/formats/bytes.ts";
import { crc32 } from "../../src/formats/checksums.ts";
import { safeName, zip } from "../../src/formats/zip.ts";

test.each([
  ["cat.png", "cat.png"],
  ["../../etc/passwd", "passwd"],
  ["C:\\photos\\cat.png", "cat.png"],
  ["a<b>:c?.png", "a_b__c_.png"],
  ["con.png", "_con.png"],
  ["", "picture"],
  ["...", "picture"],
  ["Ünïcödé 写真.jpg", "Ünïcödé 写真.jpg"],
  ["cat\u202egnp.exe", "cat_gnp.exe"],
])("%s is called %s in an archive", (name, expected) => {
  expect(safeName(name)).toBe(expected);
});

test("a very long name keeps its ending", () => {
  const name = safeName(`${"x".repeat(300)}.png`);
  expect(name.length).toBeLessThan(120);
  expect(name.endsWith(".png")).toBe(true);
});

test("files come out as they went in, none over another, one held at a time", async () => {
  const asked: string[] = [];
  const entries = async function* () {
    for (const [place, name] of ["cat.png", "Cat.png", "dir/cat.png", "写真.png"].entries()) {
      asked.push(name);
      const content = Uint8Array.from({ length: 1000 + place }, (_, i) => i * place);
      yield { name, content: place % 2 ? new Blob([content]) : content };
    }
  };
  const blob = await zip(entries());
  const files = unzipSync(new Uint8Array(await blob.arrayBuffer()));
  expect(Object.keys(files)).toEqual(["cat.png", "Cat-2.png", "cat-3.png", "写真.png"]);
  expect(files["cat-3.png"]).toEqual(Uint8Array.from({ length: 1002 }, (_, i) => i * 2));
  expect(asked.length).toBe(4);
});

test("CRC-32 has its published check value", () => {
  expect(crc32(latin1("123456789"))).toBe(0xcbf43926);
  expect(crc32(latin1("56789"), crc32(latin1("1234")))).toBe(0xcbf43926);
});
