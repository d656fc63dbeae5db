import { describe, expect, it } from 'vitest';
import { fileURLToPath } from 'node:url';
import { isPlanned } from '../../generator/abi/plan.js';
import { plannedUnit } from '../generated.js';
import { describeWithShared, shared } from '../shared.js';
import { printPlans } from './print-plan.js';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

describe('preview 1 call plans', () => {
  it('of one of everything are as recorded', async () => {
    await expect(printPlans(plannedUnit('everything', here('cases/everything.witx')))).toMatchFileSnapshot(
      here('cases/everything.plan.txt'),
    );
  });

  it('of wasi-crypto 0.10 are as recorded', async () => {
    await expect(printPlans(plannedUnit('0.10', here('../../witx/0.10')))).toMatchFileSnapshot(
      here('cases/wasi-crypto-0.10.plan.txt'),
    );
  });

  it('of 0.9 are those of 0.10, but for one misspelt module name and the batch modules', () => {
    const text = (folder: string): readonly string[] =>
      printPlans(plannedUnit('any', here(`../../witx/${folder}`)))
        .replace('crypto_exernal_secrets', 'crypto_external_secrets')
        .split(/^(?=module )/m)
        .filter((each) => !/^module \w+_batch$/m.test(each))
        .toSorted();
    expect(text('0.9')).toEqual(text('0.10'));
    expect(
      text('0.9')
        .join('')
        .match(/^ {2}\w+\(/gm),
    ).toHaveLength(78);
  });

  it('exist for every function that is no batch', () => {
    const planned = plannedUnit('0.10', here('../../witx/0.10'));
    const missing = [...planned.plans].filter(([, plan]) => !isPlanned(plan)).map(([func]) => func.name.wire);
    expect(missing).toHaveLength(8);
    expect(missing.every((name) => name.startsWith('batch_'))).toBe(true);
  });
});

describeWithShared('preview 1 call plans of WASI preview 1', () => {
  it('exist for every function, with the signatures that its hosts have', () => {
    const text = printPlans(plannedUnit('preview1', shared('spec/witx-preview1')));
    expect(text).toContain('  fd_write(fd: i32, iovs_ptr: i32, iovs_len: i32, size_out: i32) -> i32\n');
    expect(text).toContain(
      '  path_open(fd: i32, dirflags: i32, path_ptr: i32, path_len: i32, oflags: i32, fs_rights_base: i64, fs_rights_inheriting: i64, fdflags: i32, fd_out: i32) -> i32\n',
    );
    expect(text).toContain('  proc_exit(rval: i32) noreturn\n');
    expect(text).toContain('  poll_oneoff(in: i32, out: i32, nsubscriptions: i32, size_out: i32) -> i32\n');
    expect(text).toContain('record 64/8 { 0: dev u64, 8: ino u64, 16: filetype enum filetype u8 of 8, 24: nlink u64,');
    expect(text).not.toContain('has no preview 1 ABI');
  });
});
