/** With a store configured, every function of every revision does something. */
import { describe, expect, it } from 'vitest';
import { CryptoErrno as WitErrno, fail as witFail } from '../../../generated/0.11/component-host/index.js';
import { placedFuncs } from '../../../generator/model/kinds.js';
import { camel } from '../../../generator/model/name.js';
import { RuntimeContext } from '../../../runtime/context.js';
import { witHosts, witOptions } from '../../../runtime/hosts/wit/interfaces.js';
import { readOptions } from '../../../runtime/options.js';
import { plannedUnit } from '../../generated.js';
import { errnoName, Guest } from '../../guest/guest.js';
import { revisionsIn } from '../../revisions.js';
import { newStore } from './fixture.js';

describe('core modules', () => {
  const guest = new Guest({ secrets: { store: newStore(), tenant: 'test' } });

  it.each(revisionsIn('witx'))('of $revision have every function, and none is unsupported', ({ path }) => {
    const answers = placedFuncs(plannedUnit('surface', path).unit).flatMap(({ module, func }) =>
      module.name.wire.endsWith('_batch')
        ? []
        : [`${func.name.wire}: ${errnoName(guest.raw(func.name.wire, ...Array.from({ length: 12 }, () => 0)))}`],
    );
    expect(answers.length).toBeGreaterThan(60);
    expect(answers.filter((each) => /UnsupportedFeature|NotImplemented/.test(each))).toEqual([]);
  });

  it('have batches that are not implemented, since results are lists', () => {
    const batches = Object.entries(guest.host.imports).filter(([module]) => module.endsWith('_batch'));
    const answers = batches
      .flatMap(([, functions]) => Object.keys(functions))
      .map((name) => errnoName(guest.raw(name)));
    expect(new Set(answers)).toEqual(new Set(['NotImplemented']));
  });
});

describe.each(revisionsIn('wit'))('components of $revision', ({ path }) => {
  it('have every function, of which only external-secret-replace is absent', () => {
    const context = new RuntimeContext(readOptions({ secrets: { store: newStore(), tenant: 'test' } }));
    const hosts: Readonly<Record<string, Readonly<Record<string, unknown>>>> = witHosts<WitErrno>(context, WitErrno);
    const { absent } = witOptions(context, witFail, true);
    expect(Object.values(absent).flatMap((each) => Object.keys(each))).toEqual(['externalSecretReplace']);
    const has = new Set(Object.values(hosts).flatMap((each) => Object.keys(each)));
    const functions = placedFuncs(plannedUnit('surface', path).unit).map(({ func }) => camel(func.name.words));
    expect(functions.length).toBeGreaterThan(60);
    expect(functions.filter((each) => !has.has(each) && !each.endsWith('Close'))).toEqual([]);
  });
});
