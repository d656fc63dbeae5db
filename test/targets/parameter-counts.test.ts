/** Hosts that were written for earlier definitions, which TypeScript takes for hosts that ignore parameters. */
import { describe, expect, it } from 'vitest';
import { componentHost } from '../../generator/targets/component-host/index.js';
import type { Target } from '../../generator/targets/target.js';
import { typescriptHost } from '../../generator/targets/typescript-host/index.js';
import { emit, load, typeErrors } from '../generated.js';
import { plannedText } from './definitions.js';

type Bind = (hosts: object, options: { onError: (error: unknown) => void; fewerParameters?: boolean }) => object;

const witx = (added: string): string => `(typename $size u32)
(typename $errno (enum (@witx tag u16) $success $internal_error))
(module $api
  (@interface func (export "ping"))
  (@interface func (export "put") (param $key string) (param $times $size)${added} (result $error (expected (error $errno)))))`;
const wit = (added: string): string => `package a:b;
interface api {
  ping: func();
  put: func(key: string, times: u32${added}) -> result<list<u8>, string>;
}`;

describe.each<[target: Target, file: string, text: (added: string) => string, added: string, bind: string]>([
  [typescriptHost, 'api.witx', witx, ' (param $limit (option u32))', 'bind'],
  [componentHost, 'api.wit', wit, ', limit: option<u32>', 'bindComponent'],
])('$id', (target, file, text, added, bind) => {
  const host = {
    api: {
      ping() {},
      put(key: string, times: number) {
        return [key, times];
      },
    },
  };
  const onError = (error: unknown): never => {
    throw error;
  };
  const bindOf = async (more: string): Promise<Bind> => {
    const files = await emit(target, plannedText(file, text(more)));
    return ((await load(files, 'index.ts')) as Readonly<Record<string, Bind>>)[bind] as Bind;
  };

  it('binds a host whose methods take all parameters, and one that lacks methods', async () => {
    const before = await bindOf('');
    expect(before(host, { onError })).toHaveProperty('imports');
    expect(before({ api: { ping() {} } }, { onError })).toHaveProperty('imports');
    expect(before({}, { onError })).toHaveProperty('imports');
  });

  it('refuses to bind it once a parameter was added, though it compiles', async () => {
    const after = await bindOf(added);
    expect(() => after(host, { onError })).toThrow(
      expect.objectContaining({ name: 'HostUsageError', code: 'fewer-parameters' }) as Error,
    );
    expect(() => after(host, { onError })).toThrow('api.put takes 2 of 3;');
    const files = await emit(target, plannedText(file, text(added)));
    const uses = `import { ${bind} } from './index.js';
${bind}({ api: { put: (key: string, times: number) => { throw new Error(key + times); } } }, { onError: () => undefined });\n`;
    expect(typeErrors(new Map([...files, ['uses.ts', uses]]))).toEqual([]);
  });

  it('binds methods with rest parameters where it is told to', async () => {
    const wrapped = { api: { put: (...given: unknown[]) => given } };
    const bound = await bindOf(added);
    expect(() => bound(wrapped, { onError })).toThrow('api.put takes 0 of 3;');
    expect(bound(wrapped, { onError, fewerParameters: true })).toHaveProperty('imports');
  });
});
