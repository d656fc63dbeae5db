// A server that gives every request a component instance of its own: node examples/component-host/server.mjs [PORT]
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { componentize, transpile } from 'wasi-crypto-gen';
import { createWasiCrypto } from 'wasi-crypto-gen/runtime';

const path = (name) => fileURLToPath(new URL(name, import.meta.url));
const LONGEST_BODY = 1024 * 1024;

/** Builds the component, and compiles its core modules once: instances share them. */
export async function loadHandler() {
  const component = path('build/handler.component.wasm');
  const built = await componentize({ guest: path('assembly/index.ts'), wit: path('wit'), out: component });
  if (!built.ok) throw new Error(built.compiler || built.diagnostics.map((each) => each.message).join('\n'));
  await transpile({ component, out: path('build'), instantiation: 'sync' });
  const { instantiate } = await import('./build/handler.js');
  const modules = new Map();
  const coreModule = (name) => {
    if (!modules.has(name)) modules.set(name, new WebAssembly.Module(readFileSync(path(`build/${name}`))));
    return modules.get(name);
  };
  /** One request, in an instance that nobody else sees. */
  return (request) => {
    // What the guest may do, and how much: decided here, request by request.
    const crypto = createWasiCrypto({
      policy: { algorithms: ['SHA-256', 'Ed25519'], keyExport: 'never' },
      limits: { handles: 64, messageBytes: LONGEST_BODY },
    });
    try {
      return instantiate(coreModule, crypto.component).handle(request);
    } finally {
      crypto.close(); // wipes every key the guest left
    }
  };
}

async function bodyOf(request) {
  const parts = [];
  let length = 0;
  for await (const part of request) {
    length += part.length;
    if (length > LONGEST_BODY) return undefined;
    parts.push(part);
  }
  return new Uint8Array(Buffer.concat(parts));
}

export function serve(handle) {
  return createServer(async (request, response) => {
    try {
      const body = await bodyOf(request);
      const answer =
        body === undefined ? { status: 413, body: 'too long\n' } : handle({ path: request.url ?? '/', body });
      response.writeHead(answer.status, { 'content-type': 'text/plain' }).end(answer.body);
    } catch (error) {
      // The instance trapped. It is gone, and the next request gets a new one.
      console.error(error);
      response.writeHead(500).end('the handler failed\n');
    }
  });
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const server = serve(await loadHandler());
  server.listen(Number(process.argv[2] ?? 8080), '127.0.0.1', () =>
    console.log(`http://127.0.0.1:${server.address().port}/digest and /sign`),
  );
}
