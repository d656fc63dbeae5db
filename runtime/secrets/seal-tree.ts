/**
 * What of a kind a store has, and how each was sealed last: a tree of digests whose top stands in the sealed state of the store
 * (`root.ts`). There is one of all heads, which each lookup follows one way down, and one of the totals of tenants, which each change
 * follows. So what records cannot show is found: that all of an identifier was taken away, or put back as it was earlier.
 *
 * What is in a tree has its place by a digest of its name. A node decides by the next half byte of it: there is nothing, the seal of the
 * only one there, or the digest of the node below. The way is as long as the logarithm to base 16 of how many there are. Nodes are
 * settings, neither sealed nor secret: the node above vouches for each. One that is not there is an empty one.
 */
import { createHash } from 'node:crypto';
import { concat, part, sameBytes } from '../bytes.js';
import { TAG_BYTES } from './envelope.js';
import { SecretsError, type Reading, type Writing } from './store.js';

interface Leaf {
  readonly place: Uint8Array;
  /** `sealOf` what is there. */
  readonly seal: Uint8Array;
}

type Entry = Leaf | { readonly digest: Uint8Array };

/** By half bytes. */
type Node = Map<number, Entry>;

const PLACE_BYTES = 32;
const none = new Uint8Array(0);
/** How many nodes of a way are read at once: with a million heads it has 5 or 6. */
const AT_ONCE = 8;

/** Not when this is loaded: an OpenSSL that has no digests would end the process. */
export function emptyTop(): Uint8Array {
  return digestOf(none);
}

/** Where nodes are read. */
export type Nodes = Pick<Reading, 'settings'>;

export class SealTree {
  readonly #name: string;

  /** @param name what the names of its nodes begin with */
  constructor(name: string) {
    this.#name = name;
  }

  /** Undefined: there is no such thing. Errors: `SecretsError` (`tampered`). @param of its name */
  sealAt(reading: Nodes, top: Uint8Array, of: Uint8Array): Uint8Array | undefined {
    const place = digestOf(of);
    const way = this.#wayTo(reading, top, place);
    const last = way.length - 1;
    const entry = way[last]?.get(halfByte(place, last));
    return entry !== undefined && 'seal' in entry && sameBytes(entry.place, place) ? entry.seal : undefined;
  }

  /** Writes how something is sealed now. Errors: `SecretsError` (`tampered`). @param seal undefined: it is gone @returns the new top */
  withSeal(
    writing: Nodes & Pick<Writing, 'putSetting'>,
    top: Uint8Array,
    of: Uint8Array,
    seal: Uint8Array | undefined,
  ): Uint8Array {
    const place = digestOf(of);
    const way = this.#wayTo(writing, top, place);
    const last = way.length - 1;
    const found = way[last]?.get(halfByte(place, last));
    if (found !== undefined && 'seal' in found && !sameBytes(found.place, place)) {
      while (halfByte(found.place, way.length - 1) === halfByte(place, way.length - 1)) way.push(new Map());
      way.at(-1)?.set(halfByte(found.place, way.length - 1), found);
    }
    let below: Entry | undefined = seal === undefined ? undefined : { place, seal };
    for (let depth = way.length - 1; depth >= 0; depth -= 1) {
      const node = way[depth] as Node;
      if (below === undefined) node.delete(halfByte(place, depth));
      else node.set(halfByte(place, depth), below);
      const bytes = writeNode(node);
      writing.putSetting(this.#nameOf(place, depth), bytes);
      below = { digest: digestOf(bytes) };
    }
    return (below as { readonly digest: Uint8Array }).digest;
  }

  /** Makes it empty. @returns the new top */
  clear(writing: Pick<Writing, 'putSetting'>): Uint8Array {
    writing.putSetting(this.#name, none);
    return emptyTop();
  }

  /** How many there are. Errors: `SecretsError` (`tampered`). */
  count(reading: Pick<Reading, 'setting'>, top: Uint8Array, prefix = ''): number {
    const name = this.#name + prefix;
    let count = 0;
    for (const [half, entry] of openedNode(name, top, reading.setting(name)))
      count += 'seal' in entry ? 1 : this.count(reading, entry.digest, prefix + half.toString(16));
    return count;
  }

  /** All nodes from the top to the one that has what is at this place, or would have it. */
  #wayTo(reading: Nodes, top: Uint8Array, place: Uint8Array): Node[] {
    const way: Node[] = [];
    let digest = top;
    for (;;) {
      const names = Array.from({ length: AT_ONCE }, (_, index) => this.#nameOf(place, way.length + index));
      const found = reading.settings(names);
      for (const name of names) {
        const node = openedNode(name, digest, found.get(name));
        const entry = node.get(halfByte(place, way.length));
        way.push(node);
        if (entry === undefined || 'seal' in entry) return way;
        ({ digest } = entry);
      }
    }
  }

  #nameOf(place: Uint8Array, depth: number): string {
    return (
      this.#name +
      Buffer.from(place)
        .toString('hex', 0, (depth + 1) >> 1)
        .slice(0, depth)
    );
  }
}

function halfByte(place: Uint8Array, depth: number): number {
  const byte = place[depth >> 1] as number;
  return depth % 2 === 0 ? byte >> 4 : byte & 15;
}

/** Nothing is read of what its digest does not vouch for. */
function openedNode(name: string, digest: Uint8Array, bytes: Uint8Array = none): Node {
  if (!sameBytes(digestOf(bytes), digest)) throw new SecretsError('tampered', `the setting '${name}' was changed`);
  const node: Node = new Map();
  for (let at = 0; at < bytes.length;) {
    const kind = bytes[at] as number;
    const start = at + 1;
    const middle = start + PLACE_BYTES;
    at = kind < LEAF ? middle : middle + TAG_BYTES;
    const first = part(bytes, start, middle);
    node.set(kind % LEAF, kind < LEAF ? { digest: first } : { place: first, seal: part(bytes, middle, at) });
  }
  return node;
}

/** Is added to the half byte of a leaf. */
const LEAF = 16;

function writeNode(node: Node): Uint8Array {
  return concat(
    ...[...node].flatMap(([half, entry]) =>
      'seal' in entry ? [Uint8Array.of(half + LEAF), entry.place, entry.seal] : [Uint8Array.of(half), entry.digest],
    ),
  );
}

function digestOf(bytes: Uint8Array): Uint8Array {
  return createHash('sha256').update(bytes).digest();
}
