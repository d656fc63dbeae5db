/**
 * `npm run native:flat -- --cycles 10000000`: whether what the native library holds stays the same over a great many
 * cycles of opening, using and closing. Most cycles are short ones; every hundredth makes key pairs, too.
 */
import { parseArgs } from 'node:util';
import { nativeLibrary } from '../../runtime/backends/native/library.js';

const { values } = parseArgs({ options: { cycles: { type: 'string', default: '10000000' } } });
const cycles = Number(values.cycles);
if (!Number.isSafeInteger(cycles) || cycles < 10) throw new Error('--cycles takes a whole number from 10 on');

const library = nativeLibrary();
const MOST_GROWTH = 4 * 2 ** 20;
const CYCLES_A_PAIR = 100;

const [digest, cipher] = [library.digestFind('SHA256'), library.cipherFind('aes-256-gcm')];
const [ed25519, p256, x25519] = ['ed25519', 'prime256v1', 'x25519'].map((each) => library.keyFind(each)) as [
  number,
  number,
  number,
];
// Outside of V8's heap, where a call would have to move them first.
const [key, message, sealed, tag, signature, point] = [32, 64, 80, 32, 128, 65].map(
  (size) => new Uint8Array(new ArrayBuffer(size)),
) as [Uint8Array, Uint8Array, Uint8Array, Uint8Array, Uint8Array, Uint8Array];
const nonce = new Uint8Array(new ArrayBuffer(12));
const half = new Uint8Array(new ArrayBuffer(32));

function good(answer: number): number {
  if (answer < 0) throw new Error(`a call answered ${answer}`);
  return answer;
}

function shortCycle(): void {
  const aead = good(library.cipherKey(cipher, key));
  good(library.cipherSeal(aead, nonce, key, message, sealed, undefined));
  good(library.cipherOpen(aead, nonce, key, sealed, message, undefined));
  const mac = good(library.macKey(digest, key));
  const running = good(library.macBegin(mac));
  good(library.digestUpdate(running, message));
  const copy = good(library.digestCopy(running));
  good(library.macRead(mac, copy, tag));
  good(library.macExpand(mac, message, sealed));
  const code = good(library.codeKey('AES-256-CBC', key));
  const begun = good(library.codeBegin(code));
  good(library.codeUpdate(begun, message));
  const twin = good(library.codeCopy(begun));
  good(library.codeRead(twin, tag.subarray(0, 16)));
  good(library.codeWhole(code, message, tag.subarray(0, 16)));
  for (const object of [aead, mac, running, copy, code, begun, twin]) good(library.release(object));
}

function keyCycle(): void {
  for (const [type, hash] of [
    [ed25519, undefined],
    [p256, digest],
  ] as const) {
    const secret = good(library.keyGenerate(type));
    const bytes = point.subarray(0, type === ed25519 ? 32 : 65);
    good(library.keyPublicBytes(secret, bytes));
    const publicKey = good(library.keyPublic(type, bytes, undefined));
    const length = good(library.keySign(secret, hash, undefined, message, signature));
    const verified = library.keyVerify(publicKey, hash, undefined, message, signature.subarray(0, length));
    if (verified !== 1) throw new Error('a good signature was refused');
    good(library.keyVerify(publicKey, hash, undefined, message, tag));
    for (const object of [secret, publicKey]) good(library.release(object));
  }
  const secret = good(library.keyGenerate(x25519));
  good(library.keyPublicBytes(secret, half));
  const peer = good(library.keyPublic(x25519, half, undefined));
  good(library.keyDerive(secret, peer, tag));
  for (const object of [secret, peer]) good(library.release(object));
}

const megabytes = (bytes: number): string => (bytes / 2 ** 20).toFixed(1);
const resident: number[] = [];
for (let done = 0; done < cycles; done += 1) {
  shortCycle();
  if (done % CYCLES_A_PAIR === 0) keyCycle();
  if ((done + 1) % Math.floor(cycles / 10) === 0) {
    resident.push(process.memoryUsage.rss());
    console.log(`${done + 1} cycles: ${megabytes(resident.at(-1) ?? 0)} MiB resident, ${library.live()} objects`);
  }
}
const growth = (resident.at(-1) ?? 0) - (resident[0] ?? 0);
const flat = growth <= MOST_GROWTH && library.live() === 0;
console.log(`${flat ? 'flat' : 'NOT flat'}: ${megabytes(growth)} MiB more than after the first tenth`);
if (!flat) process.exitCode = 1;
