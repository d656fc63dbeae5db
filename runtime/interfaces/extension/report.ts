/** What is known of the functions over bytes, for the report and for guests who ask. */
import type { Backend, ConstantTime } from '../../backends/backend.js';
import { openssl } from '../../backends/openssl/backend.js';
import { own } from '../../backends/webassembly/module.js';
import type { FunctionReport } from '../../numbers/report.js';

function functions(backend: Backend, constantTime: ConstantTime, names: readonly string[]): readonly FunctionReport[] {
  return names.map((name) => ({
    name,
    backend: backend.name,
    kind: backend.kind,
    constantTime,
    secrets: constantTime !== 'no-secrets',
  }));
}

const script: Backend = { kind: 'own', name: 'JavaScript of this package' };

/** Functions of `random`, `bytes`, `encoding` and `padding`. */
export const bytesReport: readonly FunctionReport[] = [
  ...functions(openssl, 'library', ['random_fill']),
  ...functions(own, 'best-effort', ['random_below', 'random_below_u64']),
  ...functions(openssl, 'library', ['bytes_equal']),
  ...functions(own, 'best-effort', ['bytes_compare', 'bytes_is_zero', 'bytes_select', 'bytes_increment', 'bytes_add']),
  ...functions(script, 'best-effort', ['bytes_wipe']),
  ...functions(script, 'no-secrets', ['encoding_encoded_len', 'encoding_decoded_max_len']),
  ...functions(own, 'best-effort', ['encoding_encode', 'encoding_decode']),
  ...functions(script, 'no-secrets', ['padding_padded_len', 'padding_pad']),
  ...functions(own, 'best-effort', ['padding_unpadded_len']),
  ...functions(script, 'no-secrets', ['query_module', 'query_algorithm', 'query_option', 'query_function']),
  ...functions(script, 'no-secrets', ['query_algorithms', 'query_algorithms_len']),
];
