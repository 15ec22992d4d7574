/** What runs networks: it knows nothing of pictures. */

/** An array of float32 with its dimensions. */
export interface Tensor {
  readonly data: Float32Array<ArrayBuffer>;
  readonly dims: readonly number[];
}

/** One loaded network. */
export interface Engine {
  /** The network's outputs in the graph's order: the matte first. Raises FeathercutError "network". */
  run(input: Tensor): Promise<readonly Tensor[]>;
  /** Frees the network. */
  release(): Promise<void>;
}
