import { expect, test } from 'vitest';
import { late } from '../../../templates/typescript-host/late.js';
import { joined } from '../../../runtime/hosts/joined.js';

/** Two modules, and which of them were made. */
function modules() {
  const made: string[] = [];
  const make = (name: string) => () => {
    made.push(name);
    return { name };
  };
  return { made, imports: late({ one: make('one'), two: make('two') }) };
}

test('a module is made when it is first read, and once', () => {
  const { made, imports } = modules();
  expect(made).toEqual([]);
  expect(imports.two).toBe(imports.two);
  expect(made).toEqual(['two']);
});

test('who only asks for the names of modules makes none', () => {
  const { made, imports } = modules();
  expect(Object.keys(imports)).toEqual(['one', 'two']);
  expect('one' in imports).toBe(true);
  expect(made).toEqual([]);
});

test('a spread has all modules', () => {
  const { made, imports } = modules();
  expect({ ...imports, env: {} }).toEqual({ one: { name: 'one' }, two: { name: 'two' }, env: {} });
  expect(made).toEqual(['one', 'two']);
});

test('a module can be put in the place of another, and added', () => {
  const { made, imports } = modules();
  const mine = { name: 'mine' };
  void imports.one;
  imports.one = mine;
  expect(imports.one).toBe(mine);
  expect(Object.assign(imports, { env: mine }).env).toBe(mine);
  expect(made).toEqual(['one']);
});

test('what is no module is as in other objects', () => {
  const { imports } = modules();
  expect(Reflect.get(imports, 'absent')).toBeUndefined();
  expect(Object.prototype.toString.call(imports)).toBe('[object Object]');
  expect(Object.getOwnPropertyDescriptor(imports, 'absent')).toBeUndefined();
});

test('modules of two hosts are one object, and still made when they are read', () => {
  const [a, b] = [modules(), modules()];
  const imports = joined(a.imports, late({ three: () => b.imports.one }));
  expect(Object.keys(imports)).toEqual(['one', 'two', 'three']);
  expect(imports.three).toBe(b.imports.one);
  expect([a.made, b.made]).toEqual([[], ['one']]);
});

test('what is set or deleted on modules of two hosts is theirs, and what nobody has can be added', () => {
  const [a, b] = [modules(), modules()];
  const imports: Record<string, unknown> = joined(a.imports, late({ three: () => b.imports.one }));
  const mine = {};
  imports['three'] = mine;
  expect(imports['three']).toBe(mine);
  expect(Object.assign(imports, { env: mine })['env']).toBe(mine);
  expect(delete imports['two']).toBe(true);
  expect('two' in imports).toBe(false);
  expect({ ...imports }).toEqual({ one: { name: 'one' }, three: mine, env: mine });
  expect(Object.getOwnPropertyDescriptor(imports, 'two')).toBeUndefined();
  expect(Reflect.get(imports, 'absent')).toBeUndefined();
});

test('what is made can be finished before it is read, once', () => {
  const { imports } = modules();
  const finished = late({ one: () => imports.one }, (made) => ({ name: `${made.name}, finished` }));
  expect(finished.one).toEqual({ name: 'one, finished' });
  expect(finished.one).toBe(finished.one);
});
