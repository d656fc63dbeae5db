/** Addresses of PostgreSQL, and how calls wait for a thread; what needs a server is in `test/stores/postgres.test.ts`. */
import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { postgresStore } from '../../../runtime/keys.js';
import { ThreadCalls, threadProlog } from '../../../runtime/secrets/postgres/thread-calls.js';
import { pgMissing } from '../../postgres.js';
import { describeListed } from '../../shared.js';

const code = (expected: string): unknown => expect.objectContaining({ name: 'SecretsError', code: expected });

describeListed(pgMissing, 'an address of PostgreSQL', () => {
  it.each([
    'postgres://role:p#hunter2@localhost:1/data',
    'postgres://role:p/hunter2@localhost:1/data',
    'postgresql://localhost:1/data?password=hunter2',
    'postgres://localhost:x/data?user=a@b&password=hunter2',
    'postgres://role:ter2@localhost:x/data',
  ])('keeps its password to itself: %s', (url) => {
    let caught: unknown;
    try {
      postgresStore(url, { timeout: 1000 });
    } catch (error) {
      caught = error;
    }
    expect(caught).toEqual(code('unavailable'));
    expect(inspect(caught, { depth: 9, showHidden: true })).not.toMatch(/hunter2|ter2/);
  });

  it('is named in messages without its role and its parameters', () => {
    const url = 'postgres://role:hunter2@[::1]:1/data?sslmode=disable';
    expect(() => postgresStore(url, { timeout: 1000 })).toThrow(/^postgres:\/\/\[::1\]:1\/data: /);
  });

  it.each<[string, string, object]>([
    ['another scheme', 'mysql://role:hunter2@localhost/data', {}],
    ['a schema that would have to be quoted', 'postgres://localhost/data', { schema: 'a"; DROP' }],
    ['a timeout that is none', 'postgres://localhost/data', { timeout: 0.5 }],
  ])('is refused: %s', (_, url, options) => {
    expect(() => postgresStore(url, options)).toThrow(code('refused'));
    expect(() => postgresStore(url, options)).not.toThrow(/hunter2/);
  });
});

describe('calls to a thread', () => {
  const program = `${threadProlog}
    parentPort.on('message', ({ id, body }) => {
      if (body.end) return parentPort.close();
      setTimeout(() => answer(id, [data.thread, body.text]), body.after);
    });`;
  const newCalls = (): ThreadCalls => new ThreadCalls(program, (thread) => ({ thread }), {});

  it('get their own answers, whatever arrives late', () => {
    const calls = newCalls();
    calls.tell({ text: 'nobody waits', after: 20 });
    expect(calls.call({ text: 'later', after: 50 }, 5000)).toEqual([1, 'later']);
    calls.tell({ text: 'comes first', after: 0 });
    expect(calls.call({ text: 'mine', after: 0 }, 5000)).toEqual([1, 'mine']);
    calls.close({ end: true });
  });

  it('give up a thread that does not answer in time, and begin another one', () => {
    const calls = newCalls();
    expect(calls.call({ text: 'too late', after: 200 }, 100)).toBeUndefined();
    expect(calls.call({ text: 'mine', after: 150 }, 5000)).toEqual([2, 'mine']);
    calls.close({ end: true });
  });
});
