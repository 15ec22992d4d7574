/**
 * Codecs in WASM. Each is fetched when it is first needed and compiled once; every file gets an instance of its own, so
 * that what a broken file left behind, and the memory that a large one took, go with it.
 */
import { FeathercutError } from "../errors.ts";

type Factory<Codec> = (overrides: Record<string, unknown>) => Promise<Codec>;

/** Where a codec comes from: its JavaScript, and the address of its WASM file. */
export interface Source<Codec> {
  readonly name: string;
  readonly script: () => Promise<{ default: Factory<Codec> }>;
  readonly url: () => Promise<{ default: string }>;
}

const compiled = new Map<string, WebAssembly.Module>();

let compile = async (url: string): Promise<WebAssembly.Module> => {
  const answer = await fetch(url);
  if (!answer.ok) throw new Error(`${answer.status} for ${url}`);
  return WebAssembly.compile(await answer.arrayBuffer());
};

/** How WASM files are had; where there is no `fetch` for them, as in tests, another way is set here. */
export function setCompile(other: typeof compile): void {
  compile = other;
}

/** A new instance of a codec; `hear` gets the lines that it prints about a file. */
export async function codec<Codec>(source: Source<Codec>, hear: (line: string) => void = () => {}): Promise<Codec> {
  const [script, module] = await Promise.all([source.script(), moduleOf(source)]).catch((error: unknown) => {
    throw new FeathercutError(
      "offline",
      `The part that handles ${source.name} could not be fetched: ${error instanceof Error ? error.message : error}. Connect to the network once and try again`,
      { cause: error },
    );
  });
  return script.default({
    noInitialRun: true,
    print: hear,
    printErr: hear,
    instantiateWasm: (imports: WebAssembly.Imports, take: (instance: WebAssembly.Instance) => void) => {
      void WebAssembly.instantiate(module, imports).then(take);
      return {};
    },
  });
}

async function moduleOf<Codec>(source: Source<Codec>): Promise<WebAssembly.Module> {
  const known = compiled.get(source.name);
  if (known) return known;
  const module = await compile((await source.url()).default);
  compiled.set(source.name, module);
  return module;
}
