/**
 * `npm run lint:native`: compares what the native library declares of OpenSSL with the headers of Node's own, where they
 * are installed. Builds do without them.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { projectRoot } from '../shared.js';
import { compilerName } from './compiler.js';

const headers = join(dirname(dirname(process.execPath)), 'include/node');
const sources = join(projectRoot, 'runtime/backends/native');

if (!existsSync(join(headers, 'openssl/evp.h'))) {
  console.log(`skipped: no headers of OpenSSL beside this Node, in ${headers}`);
} else {
  const files = readdirSync(sources).filter((name) => name.endsWith('.c'));
  const flags = ['-std=c11', '-Wall', '-Wextra', '-Werror', '-fsyntax-only', '-DCHECK_PROTOTYPES', '-DREVISION=0'];
  // `EC_POINTs_mul`, instead of which OpenSSL 3 has nothing for more than two points.
  flags.push('-Wno-deprecated-declarations');
  const { error, status, stderr } = spawnSync(compilerName(), [...flags, `-I${headers}`, ...files], {
    cwd: sources,
    encoding: 'utf8',
  });
  if (error !== undefined) {
    console.log(`skipped: no C compiler: ${error.message}`);
  } else {
    if (stderr !== '') console.error(stderr.trim());
    if (status === 0) console.log(`${files.length} files agree with the headers of OpenSSL in Node`);
    else process.exitCode = 1;
  }
}
