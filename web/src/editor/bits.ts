/** Numbers of a few bits behind one another, the lowest bit first. */

/** Writes to `most` bytes at the most. */
export class BitWriter {
  readonly #bytes: Uint8Array;
  #count = 0;
  #held = 0;
  #heldBits = 0;

  constructor(most: number) {
    this.#bytes = new Uint8Array(most);
  }

  /** `width` is 0 to 16. */
  write(value: number, width: number): void {
    this.#held |= value << this.#heldBits;
    this.#heldBits += width;
    while (this.#heldBits >= 8) {
      this.#bytes[this.#count++] = this.#held;
      this.#held >>>= 8;
      this.#heldBits -= 8;
    }
  }

  done(): Uint8Array<ArrayBuffer> {
    if (this.#heldBits) this.#bytes[this.#count++] = this.#held;
    return this.#bytes.slice(0, this.#count);
  }
}

export class BitReader {
  readonly #bytes: Uint8Array;
  #at = 0;
  #held = 0;
  #heldBits = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /** A number of `width` bits, 0 to 16. */
  read(width: number): number {
    this.#fill(width);
    const value = this.#held & ((1 << width) - 1);
    this.#drop(width);
    return value;
  }

  /** How many ones come before a zero, which is read as well; no more than `most` (up to 16), which no zero ends. */
  ones(most: number): number {
    this.#fill(most + 1);
    const count = Math.min(most, 31 - Math.clz32(~this.#held & (this.#held + 1)));
    this.#drop(count < most ? count + 1 : count);
    return count;
  }

  #fill(width: number): void {
    while (this.#heldBits < width) {
      this.#held |= this.#bytes[this.#at++]! << this.#heldBits;
      this.#heldBits += 8;
    }
  }

  #drop(width: number): void {
    this.#held >>>= width;
    this.#heldBits -= width;
  }
}
