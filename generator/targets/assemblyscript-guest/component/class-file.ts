/** `classes/*.ts`: one class for each resource; `functions.ts`: the functions of none. */
import type { TypeDecl } from '../../../model/model.js';
import { block, docs, spaced, type AsSymbol, type Code } from '../../../print/as-file.js';
import { Scope } from '../../../print/scope.js';
import { memberName } from '../names.js';
import { reservedMembers } from '../reserved.js';
import { declareCall } from './call.js';
import { errnoOf } from './errno.js';
import type { ImportNames, PlaceNames } from './names.js';
import type { Import } from './places.js';
import type { Site } from './values.js';

export function declareClass(own: PlaceNames, kind: TypeDecl, site: Site): void {
  const { file, names } = site;
  const name = file.claim((names.classes.get(kind) as AsSymbol).name);
  const members = importsOf(own, site).filter(([, { membership }]) => membership.owner === kind);
  const scope = new Scope(reservedMembers);
  const methods = members
    .filter(([, { membership }]) => !membership.closes)
    .map(([each, { membership }]) => {
      const method = scope.declare(memberName(each.func.kind === 'constructor' ? ['create'] : membership.words));
      return declareCall(
        each,
        membership.receiver === undefined ? `static ${method}` : method,
        membership.receiver,
        resultFile(own),
        site,
      );
    });
  const hasErrno = own.errnos.size > 0;
  const close = closing(kind, members.find(([, { membership }]) => membership.closes)?.[0], scope, site);
  file.add([
    docs(
      `${kind.docs}\n\nNot a managed object: the reference is the handle itself, so nothing is allocated for it. It stays open until\n\`${close.name}\`, or until it is given to a function that takes it over.`,
    ),
    '@final',
    '@unmanaged',
    block(
      `export class ${name}`,
      spaced([
        ...(hasErrno ? readers(name, own, site) : []),
        [docs('The number by which the host knows it.'), block('get handle(): u32', 'return changetype<u32>(this);')],
        ...methods,
        close.code,
      ]),
    ),
  ]);
}

/** The file of a package that takes results apart. */
export function resultFile({ place }: PlaceNames): string {
  return `${place.folder}/result`;
}

function readers(name: string, own: PlaceNames, { file }: Site): readonly Code[] {
  const [value, expect] = ['value', 'expect'].map((each) => file.use({ name: each, from: resultFile(own) }));
  return [
    [
      docs(`The ${name} of a result; no valid one when the call failed.`),
      block(`static of(result: u64): ${name}`, `return changetype<${name}>(${value}(result));`),
    ],
    [
      docs(`The ${name} of a result. If the call failed, the guest is aborted with the name of the errno.`),
      block(
        `static expect(result: u64, what: string = "getting ${name}"): ${name}`,
        `return changetype<${name}>(${expect}(result, what));`,
      ),
    ],
  ];
}

/**
 * Dropping a handle always works, whatever a function of the definitions called `close` may say; where
 * there is one, guests get what it would return.
 */
function closing(
  kind: TypeDecl,
  declared: Import | undefined,
  scope: Scope,
  { file, names }: Site,
): { readonly name: string; readonly code: Code } {
  const drop = file.use(names.drops.get(kind) as AsSymbol);
  const errno = declared?.plan.result === undefined ? undefined : errnoOf(declared.plan.result);
  const type = errno === undefined ? undefined : file.use(names.types.get(errno.decl) as AsSymbol);
  const wanted = scope.declare('close');
  const name = wanted === 'close' ? wanted : scope.declare('drop');
  const text =
    type === undefined
      ? 'Gives it up. To do so again, or to use it afterwards, ends the guest.'
      : `${declared?.func.docs ?? ''}\n\nNever fails. To close it again, or to use it afterwards, ends the guest.`;
  const body = [`${drop}(this.handle);`, type !== undefined && `return ${type}.Success;`];
  return { name, code: [docs(text), block(`${name}(): ${type ?? 'void'}`, body)] };
}

export function declareFunctions(own: PlaceNames, site: Site): void {
  const free = importsOf(own, site).flatMap(([each, { free: symbol }]) =>
    symbol === undefined ? [] : [{ each, name: symbol.name }],
  );
  for (const { name } of free) site.file.claim(name);
  for (const { each, name } of free)
    site.file.add(declareCall(each, `export function ${name}`, undefined, resultFile(own), site));
}

function importsOf({ place }: PlaceNames, { names }: Site): readonly (readonly [Import, ImportNames])[] {
  return place.modules
    .flatMap((placed) => placed.imports)
    .flatMap((each) => {
      const own = names.imports.get(each);
      return own === undefined ? [] : [[each, own] as const];
    });
}
