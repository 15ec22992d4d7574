/**
 * ZIP archives of files that are packed already: stored, names in UTF-8 that no system refuses, no name twice. One file at a
 * time is in memory: each becomes a Blob, which browsers keep on the disk. PKWARE, "APPNOTE", 4.3.
 */
import { FeathercutError } from "../errors.ts";
import { concat, littleBytes } from "./bytes.ts";
import { crc32 } from "./checksums.ts";

export interface Entry {
  readonly name: string;
  readonly content: Uint8Array | Blob;
}

const MOST_BYTES = 0xffff_ffff;
const MOST_FILES = 0xffff;
const UTF_8 = 0x800;
// 1980-01-01: the same files give the same archive.
const DATE = littleBytes(0x21, 2);

/** The archive, with names made safe; entries are asked for one after the other. Throws as `archive` does. */
export function zip(entries: Iterable<Entry> | AsyncIterable<Entry>): Promise<Blob> {
  const taken = new Set<string>();
  const named = async function* (): AsyncGenerator<Entry> {
    for await (const entry of entries) yield { ...entry, name: uniqueName(entry.name, taken) };
  };
  return archive(named(), "application/zip");
}

/** The archive, with names as they are. Throws FeathercutError("output") over 4 GB or 65,535 files. */
export async function archive(entries: Iterable<Entry> | AsyncIterable<Entry>, type: string): Promise<Blob> {
  const parts: Blob[] = [];
  const directory: Uint8Array<ArrayBuffer>[] = [];
  let at = 0;
  for await (const { name, content } of entries) {
    const bytes = content instanceof Blob ? new Uint8Array(await content.arrayBuffer()) : content;
    const path = new TextEncoder().encode(name);
    const about = concat([
      ...[20, UTF_8, 0, 0].map((value) => littleBytes(value, 2)),
      DATE,
      ...[crc32(bytes), bytes.length, bytes.length].map((value) => littleBytes(value, 4)),
      littleBytes(path.length, 4), // and no extra field
    ]);
    const head = concat([littleBytes(0x04034b50, 4), about, path]);
    directory.push(
      concat([littleBytes(0x02014b50, 4), littleBytes(20, 2), about, new Uint8Array(10), littleBytes(at, 4), path]),
    );
    parts.push(new Blob([head, content instanceof Blob ? content : (content as Uint8Array<ArrayBuffer>)]));
    at += head.length + bytes.length;
    if (at > MOST_BYTES || directory.length > MOST_FILES) {
      throw new FeathercutError(
        "output",
        "The archive has over 4 GB or 65,535 files. Take the photos away in several archives",
      );
    }
  }
  const list = concat(directory);
  const count = littleBytes(directory.length, 2);
  const end = concat([
    littleBytes(0x06054b50, 4),
    new Uint8Array(4),
    count,
    count,
    littleBytes(list.length, 4),
    littleBytes(at, 4),
    new Uint8Array(2),
  ]);
  return new Blob([...parts, list, end], { type });
}

/** Windows' names of devices; a file called so cannot be unpacked there. */
const DEVICES = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i;

/** A name that every system takes: no folders, no signs that Windows refuses, not empty, not too long. */
export function safeName(name: string): string {
  const plain = name.normalize("NFC").replace(/^.*[/\\]/, "");
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
  const clean = plain.replace(/[\x00-\x1f\x7f<>:"|?*\u202a-\u202e\u2066-\u2069]/g, "_").replace(/^[. ]+|[. ]+$/g, "");
  const dot = clean.lastIndexOf(".");
  const ending = dot > 0 ? clean.slice(dot).slice(0, 16) : "";
  const stem = [...(dot > 0 ? clean.slice(0, dot) : clean)].slice(0, 100).join("") || "picture";
  return DEVICES.test(stem) ? `_${stem}${ending}` : stem + ending;
}

/** The safe name, numbered where it was taken before, as systems that ignore case see it. */
export function uniqueName(name: string, taken: Set<string>): string {
  const safe = safeName(name);
  const dot = safe.lastIndexOf(".");
  const [stem, ending] = dot > 0 ? [safe.slice(0, dot), safe.slice(dot)] : [safe, ""];
  let candidate = safe;
  for (let number = 2; taken.has(candidate.toLowerCase()); number++) candidate = `${stem}-${number}${ending}`;
  taken.add(candidate.toLowerCase());
  return candidate;
}
