/** Unpacks a zlib stream that lies in pieces, by the browser's own inflater; what it gives is never whole. */

/**
 * Hands the unpacked bytes to `take` until it answers false, which ends the reading. Resolves to false where the stream
 * ended, or broke, before that.
 */
export async function inflate(pieces: readonly Uint8Array[], take: (bytes: Uint8Array) => boolean): Promise<boolean> {
  const unpacker = new DecompressionStream("deflate");
  const writer = unpacker.writable.getWriter();
  const reader = unpacker.readable.getReader();
  const feed = async (): Promise<void> => {
    for (const piece of pieces) {
      // In small pieces: some inflaters give out all that a piece unpacks to at once.
      for (let at = 0; at < piece.length; at += 65536) {
        await writer.write(piece.subarray(at, at + 65536) as Uint8Array<ArrayBuffer>);
      }
    }
    await writer.close();
  };
  // It fails where the reader has gone away or the stream is broken, which the reader tells.
  const feeding = feed().catch(() => {});
  writer.closed.catch(() => {});
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return false;
      if (!take(value)) return true;
    }
  } catch (error) {
    // Zlib's own errors are TypeErrors; what `take` throws is ours.
    if (error instanceof TypeError) return false;
    throw error;
  } finally {
    await reader.cancel().catch(() => {});
    await writer.abort().catch(() => {});
    await feeding;
  }
}
