/** KMAC by noble, for where OpenSSL's is out of reach. */
import type { KmacBackend } from './backend.js';
import { nobleHashes, nobleSha3Addons } from './noble.js';
import { RunningStream, type Stream } from './running.js';

export const nobleKmac: KmacBackend = {
  backend: nobleHashes,
  kmac(strength) {
    const { kmac128, kmac256 } = nobleSha3Addons();
    const kmac = strength === 128 ? kmac128 : kmac256;
    return {
      start: (key, personalization, length, account) =>
        new RunningStream(account, () => new KmacStream(kmac.create(key, { personalization, dkLen: length }))),
    };
  },
};

type Kmac = ReturnType<ReturnType<typeof nobleSha3Addons>['kmac128']['create']>;

class KmacStream implements Stream {
  readonly #kmac: Kmac;

  constructor(kmac: Kmac) {
    this.#kmac = kmac;
  }

  update(data: Uint8Array): void {
    this.#kmac.update(data);
  }

  write(out: Uint8Array): void {
    const copy = this.#kmac.clone();
    copy.digestInto(out);
    copy.destroy();
  }

  copy(): KmacStream {
    return new KmacStream(this.#kmac.clone());
  }

  end(): void {
    this.#kmac.destroy();
  }
}
