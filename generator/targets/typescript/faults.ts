/** Which cases of an errno stand for the faults of the bindings. */
import type { Fault } from '../../../templates/typescript-host/failure.js';
import type { DiagnosticBag } from '../../diagnostics/diagnostic.js';
import { didYouMean } from '../../diagnostics/suggest.js';
import { snake } from '../../model/name.js';
import type { Label, TypeDecl } from '../../model/model.js';
import type { EmitOptions } from '../target.js';
import { caseNames } from './identifiers.js';

/** For each fault the cases that say it, best first: wasi-crypto's, WASI preview 1's, then what WASI 0.2 calls those. */
const candidates: Readonly<Record<Fault, readonly string[]>> = {
  badMemory: ['guest_error', 'fault', 'inval', 'invalid'],
  badText: ['guest_error', 'ilseq', 'inval', 'invalid'],
  badValue: ['guest_error', 'inval', 'invalid'],
  absent: ['not_implemented', 'nosys', 'unsupported', 'notsup', 'not_supported'],
  badHandle: ['invalid_handle', 'badf', 'bad_descriptor', 'inval', 'invalid'],
  closedHandle: ['closed', 'invalid_handle', 'badf', 'bad_descriptor', 'inval', 'invalid'],
  tooManyHandles: ['too_many_handles', 'nfile', 'too_many_open_files', 'nomem', 'insufficient_memory'],
  internal: ['internal_error', 'io'],
};

const faults = Object.keys(candidates) as readonly Fault[];

type Chosen = EmitOptions['errno'];

/** The name of the case of an errno that says each fault. */
export function faultCases(cases: readonly Label[], chosen: Chosen): readonly (readonly [Fault, string])[] {
  const names = caseNames(cases);
  return faults.map((fault) => {
    const found = findCase(cases, fault, chosen);
    return [fault, names[found ?? names.length - 1] ?? ''];
  });
}

/** As the user has chosen, as the definition says (`@fault internal` in the docs of a case), or by its name. */
function findCase(cases: readonly Label[], fault: Fault, chosen: Chosen): number | undefined {
  const wires = cases.map((each) => snake(each.name.words));
  const own = chosen?.[fault];
  const found = [
    own === undefined ? -1 : wires.indexOf(own.replaceAll('-', '_')),
    cases.findIndex(({ docs }) => faultsIn(docs).includes(fault)),
    ...candidates[fault].map((wire) => wires.indexOf(wire)),
  ];
  return found.find((index) => index >= 0);
}

function faultsIn(docs: string): readonly string[] {
  return [...docs.matchAll(/^\s*@fault\s+(.*)$/gm)].flatMap(([, names = '']) => names.split(/[\s,]+/).map(camelOf));
}

function camelOf(name: string): string {
  return name.replace(/[-_](\w)/g, (_, letter: string) => letter.toUpperCase());
}

/** Reports choices that mean nothing, and cases that stand for something only because one has to. */
export function reportFaults(
  errnos: readonly { readonly decl: TypeDecl; readonly cases: readonly Label[] }[],
  chosen: Chosen,
  bag: DiagnosticBag,
): void {
  for (const fault of Object.keys(chosen ?? {}).filter((each) => !faults.some((known) => known === each)))
    bag.report(
      'unknown-fault',
      undefined,
      { fault },
      { hint: didYouMean(fault, faults) ?? `they are ${faults.join(', ')}` },
    );
  for (const [fault, wire] of Object.entries(chosen ?? {})) {
    const own = wire.replaceAll('-', '_');
    if (errnos.length === 0 || errnos.some(({ cases }) => cases.some((each) => snake(each.name.words) === own)))
      continue;
    const wires = errnos.flatMap(({ cases }) => cases.map((each) => each.name.wire));
    const params = { what: `case for \`${fault}\``, name: wire, place: 'any errno' };
    bag.report('unknown-name', undefined, params, { hint: didYouMean(wire, wires) });
  }
  for (const { decl, cases } of errnos) {
    const guessed = faults.filter((fault) => findCase(cases, fault, chosen) === undefined);
    if (guessed.length === 0) continue;
    const name = cases.at(-1)?.name.wire ?? '';
    bag.report('guessed-errno', decl.name.span, { errno: decl.name.wire, faults: guessed.join(', '), name });
  }
}
