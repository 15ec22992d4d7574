/** WebAssembly that is fetched and compiled while the scripts that want it are still on their way. */

/**
 * Starts on the binary at `address` now. Who asks for it later is given what is under way: ONNX Runtime fetches its binary
 * by itself, once its scripts are there, and takes no module. Where this fails, it is as if nothing had been started.
 */
export function compileEarly(address: string): void {
  const { fetch, WebAssembly } = self;
  const { instantiateStreaming } = WebAssembly;
  if (!WebAssembly.compileStreaming) return;
  const compiled = WebAssembly.compileStreaming(fetch(address, { credentials: "same-origin" }));
  compiled.catch(() => {}); // whoever asks will meet the reason
  const nothing = new Response();
  self.fetch = (asked, given) => {
    if (asked !== address) return fetch(asked, given);
    self.fetch = fetch;
    return Promise.resolve(nothing);
  };
  WebAssembly.instantiateStreaming = async (source, imports) => {
    if ((await source) !== nothing) return await instantiateStreaming(source, imports);
    WebAssembly.instantiateStreaming = instantiateStreaming;
    const module = await compiled;
    return { module, instance: await WebAssembly.instantiate(module, imports) };
  };
}
