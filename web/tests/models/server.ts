/** A real server of a few files that knows ranges, and can be told to break off or to lie. */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export class FileServer {
  readonly files = new Map<string, Uint8Array>();
  /** Each request as `name range`, in order. */
  readonly asked: string[] = [];
  /** So many answers are cut off after so many bytes. */
  breaks = { answers: 0, after: 0 };
  knowsRanges = true;
  readonly #server = createServer((request, response) => this.#answer(request, response));

  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const name = request.url!.slice(1);
    this.asked.push(`${name} ${request.headers.range ?? "all"}`);
    const file = this.files.get(name);
    if (!file) {
      response.writeHead(404).end();
      return;
    }
    const start = this.knowsRanges ? Number(/bytes=(\d+)-/.exec(request.headers.range ?? "")?.[1] ?? 0) : 0;
    const body = file.subarray(start);
    const range = { "Content-Range": `bytes ${start}-${file.length - 1}/${file.length}` };
    response.writeHead(start > 0 ? 206 : 200, { "Content-Length": body.length, ...(start > 0 ? range : {}) });
    if (this.breaks.answers > 0) {
      this.breaks.answers--;
      response.write(body.subarray(0, this.breaks.after), () => setTimeout(() => response.destroy(), 20));
    } else response.end(body);
  }
}
