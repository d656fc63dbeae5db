/**
 * Names of exports that AssemblyScript can write: every character but letters, digits and `_` as `$` and its
 * code in two small hexadecimal digits. The compiler's transform (`components/kebab-exports.ts`) undoes it.
 */

/** `sign-it` as `sign$2dit` */
export function escapeExport(name: string): string {
  return name.replace(/[^A-Za-z0-9_]/g, (character) => `$${character.charCodeAt(0).toString(16).padStart(2, '0')}`);
}

/** `sign$2dit` as `sign-it` */
export function unescapeExport(name: string): string {
  return name.replace(/\$([0-9a-f]{2})/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)));
}
