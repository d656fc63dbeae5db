/** Formats TypeScript. Prettier is loaded on first use: its import takes 30 ms. */
export async function formatTypeScript(text: string): Promise<string> {
  const { format } = await import('prettier');
  return format(text, { parser: 'babel-ts', printWidth: 120, singleQuote: true, trailingComma: 'all' });
}
