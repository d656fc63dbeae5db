/** What a terminal shows while something takes long. */
import { expect, it } from 'vitest';
import { Terminal } from '../../generator/cli/terminal.js';

function terminalWith({ isTTY = true, TERM = 'xterm' }: { readonly isTTY?: boolean; readonly TERM?: string } = {}) {
  const shown: string[] = [];
  const stderr = { isTTY, write: (text: string) => shown.push(text), on: () => {} };
  const terminal = new Terminal({ stdout: stderr, stderr, env: { TERM } });
  return { shown, terminal };
}

it('says what goes on while a person watches, and erases it however that ends', async () => {
  const { shown, terminal } = terminalWith();
  const work = terminal.during('compiling guest.ts', () => Promise.resolve([...shown]));
  expect(await work).toEqual(['compiling guest.ts …']);
  expect(shown).toEqual(['compiling guest.ts …', '\r\x1b[K']);
  const failure = new Error('no');
  await expect(terminal.during('failing', () => Promise.reject(failure))).rejects.toBe(failure);
  expect(shown.slice(2)).toEqual(['failing …', '\r\x1b[K']);
});

it.each([
  ['a file', terminalWith({ isTTY: false })],
  ['a terminal that cannot erase', terminalWith({ TERM: 'dumb' })],
  ['whoever asked for silence', Object.assign(terminalWith(), { silent: true })],
  ['whoever asked for JSON', Object.assign(terminalWith(), { json: true })],
])('says nothing of it to %s', async (_, { shown, terminal, ...asked }) => {
  Object.assign(terminal, asked);
  expect(await terminal.during('compiling', () => 1)).toBe(1);
  expect(shown).toEqual([]);
});
