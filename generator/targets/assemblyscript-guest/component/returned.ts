/** What calls return: errnos and results as in core modules where the definitions have an errno, else the values themselves. */
import { flatten } from '../../../abi/canonical.js';
import type { CanonicalPass } from '../../../abi/plan.js';
import { holdsMemory, isBytes, isHandle, itemsOf } from '../../../abi/shape.js';
import { camel } from '../../../model/name.js';
import { block, listing, type AsSymbol, type Code, type Listing } from '../../../print/as-file.js';
import { reservedLocals } from '../reserved.js';
import { resultDocs } from '../spelling.js';
import { canonical } from './canonical.js';
import { loadValue } from './codecs.js';
import { errnoOf, type ErrnoResult } from './errno.js';
import type { Import } from './places.js';
import { coreTypes, lifted, single, typeText, type Site } from './values.js';

/** Gives out names of locals. */
interface LocalNames {
  local(wanted: string): string;
}

/** A call of the import, but for its end. */
export type RawCall = Pick<Listing, 'head' | 'items'>;

/** What a call returns, and how. */
export interface Returned {
  readonly type: string;
  /** What receives values. */
  readonly parameters: readonly { readonly text: string; readonly nullable: boolean }[];
  readonly docs: readonly string[];
  /** Before the call: what has received bytes before gives them back, if they are not among what is passed. */
  prepare(buffers: readonly string[]): Code;
  /** The call, what follows it, and the value returned. */
  finish(call: RawCall, place: string, release: string | undefined): Code;
}

/**
 * What a call returns.
 *
 * @param outFrom the file of the package that has `Out`
 */
export function returnedBy(each: Import, names: LocalNames, outFrom: string, site: Site): Returned {
  const { result } = each.plan;
  if (result === undefined)
    return {
      type: 'void',
      parameters: [],
      docs: [],
      prepare: () => undefined,
      finish: (call, _, release) => [listing(call.head, call.items, ');'), release],
    };
  const errno = result.in === 'memory' ? errnoOf(result) : undefined;
  if (errno !== undefined) return errnoResult(errno, names, outFrom, site);
  const { type, pass } = result;
  const text = typeText(type, site);
  const shared = {
    type: text,
    parameters: [],
    docs: holdsMemory(pass) ? ['Allocates what it returns.'] : [],
    prepare: () => undefined,
  };
  if (result.in === 'memory') {
    return {
      ...shared,
      finish: (call, place, release) => {
        const value = loadValue(pass, { at: place, offset: 0 }, site);
        if (release === undefined) return [listing(call.head, call.items, ');'), `return ${value};`];
        const local = names.local('result');
        return [listing(call.head, call.items, ');'), `const ${local} = ${value};`, release, `return ${local};`];
      },
    };
  }
  const one = single(pass, site);
  if (one !== undefined) {
    return {
      ...shared,
      finish: (call, _, release) => {
        if (release === undefined) return listing(`return ${one.lift[0]}${call.head}`, call.items, `)${one.lift[1]};`);
        const local = names.local('result');
        return [listing(`const ${local} = ${call.head}`, call.items, ');'), release, `return ${lifted(one, local)};`];
      },
    };
  }
  // A record of one number, for instance: it is read from memory like all others.
  const area = site.file.use(canonical.AREA);
  return {
    ...shared,
    finish: (call, _, release) => [
      listing(`store<${coreTypes[flatten(pass)[0] ?? 'i32']}>(${area}, ${call.head}`, call.items, '));'),
      release,
      `return ${loadValue(pass, { at: area, offset: 0 }, site)};`,
    ],
  };
}

function errnoResult(
  { decl, tag, ok, payloadOffset }: ErrnoResult,
  names: LocalNames,
  outFrom: string,
  site: Site,
): Returned {
  const errnoType = site.file.use(site.names.types.get(decl) as AsSymbol);
  const taken = (place: string): string => `${site.file.use(canonical.takeErrno)}<${tag}>(${place}, ${payloadOffset})`;
  const call = (of: RawCall): Code => listing(of.head, of.items, ');');
  if (ok === undefined) {
    return {
      type: errnoType,
      parameters: [],
      docs: [],
      prepare: () => undefined,
      finish: (of, place, release) => [call(of), release, `return ${taken(place)};`],
    };
  }
  const one = single(ok, site);
  if (one !== undefined && ok.size <= 4 && one.core === 'i32') {
    const take = `${site.file.use(canonical.takeResult)}<${one.stored}, ${tag}>(${payloadOffset})`;
    return {
      type: 'u64',
      parameters: [],
      docs: [returnDocs(ok, site)],
      prepare: () => undefined,
      finish: (of, _, release) => [call(of), release, `return ${take};`],
    };
  }
  const outs = itemsOf(ok).map(({ pass, offset }) => ({
    pass,
    offset: payloadOffset + offset,
    local: names.local(nameOfOut(pass)),
  }));
  const errno = names.local('errno');
  return {
    type: errnoType,
    parameters: outs.map(({ local, pass }) => ({
      text: `${local}: ${isBytes(pass) ? site.file.use(canonical.Bytes) : `${site.file.use({ name: 'Out', from: outFrom })}<${typeText(pass.type, site)}>`}`,
      nullable: false,
    })),
    docs: outs.map(
      ({ local, pass }) =>
        `@param ${local} receives the ${describe(pass)}${holdsMemory(pass) && !isBytes(pass) ? ', which is allocated' : ''}`,
    ),
    prepare: (buffers) =>
      outs
        .filter(({ pass }) => isBytes(pass))
        .reverse()
        .map(({ local }) =>
          buffers.length === 0
            ? `${local}.free();`
            : `if (${buffers.map((each) => `!${local}.holds(${each})`).join(' && ')}) ${local}.free();`,
        ),
    finish: (of, place, release) => [
      call(of),
      `const ${errno} = ${taken(place)};`,
      block(
        `if (${errno} == 0)`,
        outs.map(({ local, pass, offset }) =>
          isBytes(pass)
            ? `${local}.take(load<usize>(${place}, ${offset}), load<usize>(${place}, ${offset + 4}));`
            : `${local}.value = ${loadValue(pass, { at: place, offset }, site)};`,
        ),
      ),
      release,
      `return ${errno};`,
    ],
  };
}

/** After its type; `u64` says nothing about a value. */
function nameOfOut(pass: CanonicalPass): string {
  const { type } = pass;
  const name = type.kind === 'ref' ? camel(type.decl.name.words) : isBytes(pass) ? 'bytes' : 'value';
  return reservedLocals.has(name) ? 'value' : name;
}

function describe(pass: CanonicalPass): string {
  const { type } = pass;
  if (type.kind === 'ref') return type.decl.name.words.join(' ');
  return isBytes(pass) ? 'bytes' : 'value';
}

function returnDocs(pass: CanonicalPass, site: Site): string {
  if (isHandle(pass)) {
    const name = site.file.use(site.names.classes.get(pass.kind) as AsSymbol);
    return `@returns a result: \`${name}.of\` or \`${name}.expect\` reads it`;
  }
  return resultDocs(pass, () => typeText(pass.type, site));
}
