/** PNG: straight alpha, 8 or 16 bits, with profile, resolution and EXIF. Twin of Python's `png_writer.py`. */
import { zlibSync } from "fflate";
import { white } from "../pictures.ts";
import { bigBytes, concat } from "./bytes.ts";
import { channelsOf, fillRow, type Still } from "./content.ts";
import { chunk, dpiContent, profileContent, SIGNATURE } from "./png_chunks.ts";
import { FILTERS, filterRow, type RowFilter } from "./row_filters.ts";

const COLOUR_TYPES = { 1: 0, 3: 2, 4: 6 } as const;
const STRIP_BYTES = 1 << 18;
const SAMPLE_BYTES = 1 << 19;
const SAMPLE_ROWS = 8;

/** The file. Rows are made, filtered and packed strip by strip: the picture is never held a second time. */
export async function writePng(still: Still): Promise<Uint8Array<ArrayBuffer>> {
  const [height, width] = still.size;
  const depth = white((still.rgb ?? still.alpha)!) === 255 ? 8 : 16;
  const kind = COLOUR_TYPES[channelsOf(still)];
  const rows = new FilteredRows(still, (channelsOf(still) * depth) / 8);
  const filter = bestFilter(rows, height);
  const packed = await deflate(stripsOf(rows, height, filter));
  const header = bigBytes([
    [width, 4],
    [height, 4],
    [depth, 1],
    [kind, 1],
    [0, 3],
  ]);
  return concat([
    SIGNATURE,
    ...chunk("IHDR", header),
    ...about(still),
    ...packed.flatMap((part) => chunk("IDAT", part)),
    ...chunk("IEND"),
  ]);
}

/** The chunks about colour, resolution and the photograph, which stand before the pixels. */
function about(still: Still): Uint8Array[] {
  const parts: Uint8Array[] = [];
  if (still.rgb)
    parts.push(...(still.profile ? chunk("iCCP", profileContent(still.profile)) : chunk("sRGB", Uint8Array.of(0))));
  if (still.dpi) parts.push(...chunk("pHYs", dpiContent(still.dpi)));
  if (still.exif) parts.push(...chunk("eXIf", still.exif));
  return parts;
}

/** A picture's rows, filtered; quick where they are asked for in order. */
class FilteredRows {
  readonly length: number;
  private row: Uint8Array;
  private above: Uint8Array;
  private last = -1;

  constructor(
    private readonly still: Still,
    private readonly pixelBytes: number,
  ) {
    this.length = still.size[1] * pixelBytes;
    [this.row, this.above] = [new Uint8Array(this.length), new Uint8Array(this.length)];
  }

  /** Writes row `y` into `out`, `length` + 1 bytes. */
  filter(y: number, filter: RowFilter, out: Uint8Array): void {
    if (y === 0) this.row.fill(0);
    else if (this.last !== y - 1) fillRow(this.still, y - 1, this.row);
    [this.row, this.above] = [this.above, this.row];
    fillRow(this.still, y, this.row);
    this.last = y;
    filterRow(filter, this.row, this.above, this.pixelBytes, out);
  }
}

/** The filter under which some blocks of rows from all over the picture pack best. */
function bestFilter(rows: FilteredRows, height: number): RowFilter {
  const stride = rows.length + 1;
  const blocks = Math.max(
    1,
    Math.min(Math.ceil(height / SAMPLE_ROWS), Math.floor(SAMPLE_BYTES / (stride * SAMPLE_ROWS))),
  );
  const count = Math.min(SAMPLE_ROWS, height);
  const sample = new Uint8Array(blocks * count * stride);
  const lengths = FILTERS.map((filter) => {
    for (let block = 0, to = 0; block < blocks; block++) {
      const top = Math.floor(((block + 0.5) * (height - count)) / blocks);
      for (let y = top; y < top + count; y++, to += stride) rows.filter(y, filter, sample.subarray(to, to + stride));
    }
    return zlibSync(sample, { level: 1 }).length;
  });
  return FILTERS[lengths.indexOf(Math.min(...lengths))]!;
}

function* stripsOf(rows: FilteredRows, height: number, filter: RowFilter): Generator<Uint8Array<ArrayBuffer>> {
  const stride = rows.length + 1;
  const count = Math.max(1, Math.floor(STRIP_BYTES / stride));
  for (let top = 0; top < height; top += count) {
    const strip = new Uint8Array(Math.min(count, height - top) * stride);
    for (let i = 0; i * stride < strip.length; i++)
      rows.filter(top + i, filter, strip.subarray(i * stride, (i + 1) * stride));
    yield strip;
  }
}

/** One zlib stream of these strips, in pieces, packed by the browser's own deflater. */
async function deflate(strips: Iterable<Uint8Array<ArrayBuffer>>): Promise<Uint8Array[]> {
  const packer = new CompressionStream("deflate");
  const writer = packer.writable.getWriter();
  const reader = packer.readable.getReader();
  const feed = async (): Promise<void> => {
    for (const strip of strips) await writer.write(strip);
    await writer.close();
  };
  const drain = async (): Promise<Uint8Array[]> => {
    const packed: Uint8Array[] = [];
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return grouped(packed);
      packed.push(value);
    }
  };
  const [packed] = await Promise.all([drain(), feed()]);
  return packed;
}

/** Small pieces as one, so that a file has few chunks. */
function grouped(pieces: readonly Uint8Array[]): Uint8Array[] {
  const out: Uint8Array[] = [];
  for (let start = 0, end = 0, length = 0; start < pieces.length; start = end, length = 0) {
    while (end < pieces.length && length < STRIP_BYTES) length += pieces[end++]!.length;
    out.push(concat(pieces.slice(start, end)));
  }
  return out;
}
