import { layOut } from './layout.js';

/** Beyond this many characters nobody reads a file from end to end, and prettier takes nearly all of the time. */
const limit = 250_000;

/** Formats TypeScript, as prettier does. */
export async function formatTypeScript(text: string): Promise<string> {
  return layOut(text) ?? (text.length > limit ? text : byPrettier(text));
}

/** For what has a form that the layout does not know. Prettier is loaded on first use, and only what this needs: the whole of it wants a disk. */
export async function byPrettier(text: string): Promise<string> {
  const [{ format }, babel, estree] = await Promise.all([
    import('prettier/standalone'),
    import('prettier/plugins/babel'),
    import('prettier/plugins/estree'),
  ]);
  // The name says that it is no TSX, where a single type parameter needs a comma.
  return format(text, {
    filepath: 'generated.ts',
    parser: 'babel-ts',
    plugins: [babel, estree],
    printWidth: 120,
    singleQuote: true,
    trailingComma: 'all',
  });
}
