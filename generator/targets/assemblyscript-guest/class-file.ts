/** `classes/*.ts`: one class for each handle kind; `functions.ts`: the functions of none. */
import { isPlanned, type CallPlan, type PlannedUnit } from '../../abi/plan.js';
import type { DiagnosticBag } from '../../diagnostics/diagnostic.js';
import type { Membership } from '../../model/kinds.js';
import type { TypeDecl } from '../../model/model.js';
import { block, comment, docs, spaced, type AsSymbol, type Code } from '../../print/as-file.js';
import { Scope } from '../../print/scope.js';
import { declareCall, isRefused } from './call.js';
import { memberName } from './names.js';
import { reservedMembers } from './reserved.js';
import { template } from './templates.js';
import type { Site } from './values.js';

export function declareClass(planned: PlannedUnit, kind: TypeDecl, site: Site, bag: DiagnosticBag): void {
  const { file, names } = site;
  const name = file.claim((names.classes.get(kind) as AsSymbol).name);
  const members = plannedMembers(planned, kind, site);
  const scope = new Scope(reservedMembers);
  const methods = members.map(({ plan, membership }) => {
    const method = scope.declare(memberName(membership.words));
    return callOrComment(
      plan,
      membership.receiver === undefined ? `static ${method}` : method,
      membership.receiver,
      site,
      bag,
    );
  });
  const value = file.use(template.value);
  const expect = file.use(template.expect);
  file.add([
    docs(`${kind.docs}\n\n${classDocs(members.some(({ membership }) => membership.closes))}`),
    '@final',
    '@unmanaged',
    block(
      `export class ${name}`,
      spaced([
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
        [docs('The number by which the host knows it.'), block('get handle(): u32', 'return changetype<u32>(this);')],
        ...methods,
      ]),
    ),
  ]);
}

function classDocs(closes: boolean): string {
  return [
    'Not a managed object: the reference is the handle itself, so nothing is allocated for it.',
    ...(closes ? ['It stays open until `close`.'] : []),
  ].join(' ');
}

interface Member {
  readonly plan: CallPlan;
  readonly membership: Membership;
}

function plannedMembers(planned: PlannedUnit, kind: TypeDecl, site: Site): readonly Member[] {
  return [...site.names.members].flatMap(([func, membership]) => {
    const plan = planned.plans.get(func);
    return membership.owner === kind && plan !== undefined && isPlanned(plan) ? [{ plan, membership }] : [];
  });
}

export function declareFunctions(planned: PlannedUnit, site: Site, bag: DiagnosticBag): void {
  for (const { name } of site.names.free.values()) site.file.claim(name);
  for (const [func, symbol] of site.names.free) {
    const plan = planned.plans.get(func);
    if (plan !== undefined && isPlanned(plan))
      site.file.add(callOrComment(plan, `export function ${symbol.name}`, undefined, site, bag));
  }
}

function callOrComment(
  plan: CallPlan,
  head: string,
  receiver: number | undefined,
  site: Site,
  bag: DiagnosticBag,
): Code {
  const call = declareCall(plan, head, receiver, site);
  if (!isRefused(call)) return call;
  const params = { func: plan.func.name.wire, why: call.why };
  bag.report('no-guest-method', plan.func.name.span, params);
  return comment(`\`${params.func}\` is a raw import only: ${params.why}.`);
}
