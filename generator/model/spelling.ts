/**
 * Names that published definitions misspell. Guests import them as they are written, so they stay; outputs say that
 * the spelling is upstream's.
 */
const misspellings: Readonly<Record<string, { readonly meant: string; readonly revision: string }>> = {
  wasi_ephemeral_crypto_exernal_secrets: { meant: 'wasi_ephemeral_crypto_external_secrets', revision: '0.9' },
};

/** What is to be said about the name of a module; undefined: it is spelt well. */
export function spellingNote(module: string): string | undefined {
  const found = misspellings[module];
  return found && `\`${module}\` is how revision ${found.revision} spells \`${found.meant}\``;
}

/** A module's name as it was meant. */
export function meantBy(module: string): string {
  return misspellings[module]?.meant ?? module;
}
