/** What a process may not do that was started with fewer rights than the machine would give. */

/** Node's names of permissions, and what gives them. */
const flags: Readonly<Record<string, string>> = {
  FileSystemRead: '--allow-fs-read=PATH',
  FileSystemWrite: '--allow-fs-write=PATH',
  ChildProcess: '--allow-child-process',
  WorkerThreads: '--allow-worker',
  WASI: '--allow-wasi',
};

export interface Refusal {
  readonly message: string;
  readonly hint: string;
}

/** What an error says that came of Node's `--permission`, or of Deno's; undefined: it came of something else. */
export function permissionRefusal(error: unknown): Refusal | undefined {
  if (!(error instanceof Error)) return undefined;
  if (error.name === 'NotCapable') {
    const [message = '', hint = 'run it with `deno run -A`'] = error.message.split(', ');
    return { message: `Deno does not let this process go on: ${message}`, hint };
  }
  if (!('code' in error) || error.code !== 'ERR_ACCESS_DENIED') return undefined;
  const permission = 'permission' in error ? String(error.permission) : '';
  const resource = 'resource' in error && error.resource !== '' ? ` of \`${String(error.resource)}\`` : '';
  return {
    message: `Node's permissions do not let this process go on: ${permission}${resource}`,
    hint: `start Node with \`${flags[permission] ?? '--allow-…'}\` besides, or without its permissions`,
  };
}
