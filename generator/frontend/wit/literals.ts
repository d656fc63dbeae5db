/** What names, versions and strings may say. */

/** Labels of the component model (Explainer.md, "Import and Export Definitions"): words of one case each, parted by single dashes. */
const label = /^(?:[a-z][a-z0-9]*|[A-Z][A-Z0-9]*)(?:-(?:[a-z0-9]+|[A-Z0-9]+))*$/;

export function isLabel(name: string): boolean {
  return label.test(name);
}

/** `fooBar_baz` as `foo-bar-baz`: what was probably meant. */
export function asLabel(name: string): string | undefined {
  const words = name
    .normalize('NFD')
    .replace(/\p{Mark}/gu, '')
    .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
    .split(/[^A-Za-z0-9]+/)
    .filter((word) => word !== '');
  const joined = words.join('-').toLowerCase();
  return joined !== name && isLabel(joined) ? joined : undefined;
}

/** Semantic Versioning 2.0. */
const semver =
  /^(?:0|[1-9]\d*)(?:\.(?:0|[1-9]\d*)){2}(?:-(?:0|[1-9]\d*|\d*[A-Za-z-][0-9A-Za-z-]*)(?:\.(?:0|[1-9]\d*|\d*[A-Za-z-][0-9A-Za-z-]*))*)?(?:\+[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?$/;

/** Whether a version is one; its numbers must fit 64 bits. */
export function isVersion(text: string): boolean {
  if (!semver.test(text)) return false;
  const [core = ''] = text.split(/[-+]/);
  return core.split('.').every((part) => BigInt(part) < 2n ** 64n);
}

/** Semantic Versioning 2.0, section 11: negative when `a` comes first. */
export function compareVersions(a: string, b: string): number {
  const [one, other] = [a, b].map((text) => {
    const [core = '', ...rest] = text.replace(/\+.*$/, '').split('-');
    return { numbers: core.split('.').map((part) => BigInt(part)), before: rest.join('-') };
  });
  if (one === undefined || other === undefined) return 0;
  for (const [index, number] of one.numbers.entries()) {
    const second = other.numbers[index] ?? 0n;
    if (number !== second) return number < second ? -1 : 1;
  }
  if (one.before === '' || other.before === '') return (one.before === '' ? 1 : 0) - (other.before === '' ? 1 : 0);
  return compareIdentifiers(one.before.split('.'), other.before.split('.'));
}

function compareIdentifiers(a: readonly string[], b: readonly string[]): number {
  for (let index = 0; index < Math.min(a.length, b.length); index += 1) {
    const [one, other] = [a[index] ?? '', b[index] ?? ''];
    if (one === other) continue;
    const [first, second] = [/^\d+$/.test(one), /^\d+$/.test(other)];
    if (first && second) return BigInt(one) < BigInt(other) ? -1 : 1;
    if (first !== second) return first ? -1 : 1;
    return one < other ? -1 : 1;
  }
  return a.length - b.length;
}

const escapes: { readonly [letter: string]: string } = { t: '\t', n: '\n', r: '\r', '"': '"', "'": "'", '\\': '\\' };

/** The value of a string literal (a `name` of core WebAssembly's text format); `undefined` when an escape is none. */
export function textValue(image: string): string | undefined {
  const bytes: number[] = [];
  let isValid = true;
  const encoder = new TextEncoder();
  const parts = image.slice(1, -1).matchAll(/\\u\{([0-9A-Fa-f]{1,6})\}|\\([0-9A-Fa-f]{2})|\\(.)|([^\\]+)/gsu);
  for (const [, point, byte, letter, plain] of parts) {
    const code = point === undefined ? 0 : Number.parseInt(point, 16);
    const simple = letter === undefined ? undefined : escapes[letter];
    if (byte !== undefined) bytes.push(Number.parseInt(byte, 16));
    else if (letter !== undefined && simple === undefined) isValid = false;
    else if (code > 0x10ffff || (code >= 0xd800 && code < 0xe000)) isValid = false;
    else bytes.push(...encoder.encode(plain ?? simple ?? String.fromCodePoint(code)));
  }
  if (!isValid) return undefined;
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(new Uint8Array(bytes));
  } catch {
    return undefined;
  }
}
