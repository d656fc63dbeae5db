/** Feature gates (WIT.md, "Feature Gates"). */
import type { DiagnosticBag } from '../../diagnostics/diagnostic.js';
import type { Gates } from '../../model/model.js';
import type { AstGate, AstGates } from './ast.js';
import { compareVersions, isVersion } from './literals.js';

/** Which `@unstable` features are on. */
export type Features = readonly string[] | 'all';

/** What the gates of an item say. */
export interface Gating {
  readonly gates?: Gates;
  /** The feature it belongs to, when that is off. */
  readonly off?: string;
}

export interface GatedPackage {
  readonly key: string;
  readonly version: string | undefined;
}

export class GateReader {
  readonly #features: Features;
  readonly #bag: DiagnosticBag;

  constructor(features: Features, bag: DiagnosticBag) {
    this.#features = features;
    this.#bag = bag;
  }

  read(list: AstGates, of: GatedPackage): Gating {
    if (list.length === 0) return {};
    const byKind = new Map<AstGate['kind'], AstGate>();
    for (const gate of list) {
      const first = byKind.get(gate.kind);
      if (first !== undefined)
        this.#bag.report(
          'duplicate-gate',
          gate.span,
          { gate: gate.kind },
          { related: [{ message: 'first here', span: first.span }] },
        );
      else byKind.set(gate.kind, gate);
    }
    this.#judge(byKind, of);
    const gates: Gates = Object.fromEntries([...byKind.values()].flatMap((gate) => Object.entries(entryOf(gate))));
    const isOff = gates.unstable !== undefined && this.#features !== 'all' && !this.#features.includes(gates.unstable);
    return { gates, ...(isOff ? { off: gates.unstable ?? '' } : {}) };
  }

  #judge(byKind: ReadonlyMap<AstGate['kind'], AstGate>, of: GatedPackage): void {
    const [since, unstable, deprecated] = [byKind.get('since'), byKind.get('unstable'), byKind.get('deprecated')];
    if (since !== undefined && unstable !== undefined) {
      const [first, second] = since.span.start < unstable.span.start ? [since, unstable] : [unstable, since];
      this.#bag.report(
        'conflicting-gates',
        second.span,
        {},
        { related: [{ message: 'the other is here', span: first.span }] },
      );
    }
    if (deprecated !== undefined && since === undefined && unstable === undefined)
      this.#bag.report('lonely-deprecated', deprecated.span, {});
    const versioned = since ?? deprecated;
    if (versioned !== undefined && of.version === undefined) {
      this.#bag.report('gate-without-version', versioned.span, { package: of.key });
    } else if (
      since?.kind === 'since' &&
      of.version !== undefined &&
      isVersion(since.version) &&
      isVersion(of.version)
    ) {
      if (compareVersions(since.version, of.version) > 0)
        this.#bag.report('unreleased-gate', since.span, { version: since.version, package: of.key });
    }
  }
}

function entryOf(gate: AstGate): Gates {
  switch (gate.kind) {
    case 'since':
      return { since: gate.version };
    case 'deprecated':
      return { deprecated: gate.version };
    case 'unstable':
      return { unstable: gate.feature };
    case 'external-id':
      return { externalId: gate.id };
  }
}
