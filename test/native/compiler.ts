/** The C compiler that scripts about the native library call, which is the one that `native build` tries first. */
export function compilerName(): string {
  const { CC: chosen = '' } = process.env;
  return chosen === '' ? 'cc' : chosen;
}
