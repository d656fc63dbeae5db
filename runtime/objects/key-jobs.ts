/** Key pairs that are computed while the guest goes on. */
import type { Job, SecretMaterial } from '../contracts/keys.js';
import { fail } from '../failures.js';

type Entry =
  | { readonly state: 'running'; readonly job: Job<SecretMaterial> }
  | { readonly state: 'done'; readonly secret: SecretMaterial }
  | { readonly state: 'failed'; readonly error: unknown };

/** What is wanted, as far as two callers can share a job. */
export interface KeyJobSource {
  generateInBackground(): Job<SecretMaterial>;
}

/**
 * At most one job for each family of keys, so for each algorithm. It advances when the host's event
 * loop turns: a guest that never returns to its host in between waits for ever.
 */
export class KeyJobs {
  readonly #jobs = new Map<KeyJobSource, Entry>();
  #closed = false;

  /** How far the job is: undefined where there is none. A result that nobody fetched is `done`. */
  state(source: KeyJobSource): Entry['state'] | undefined {
    return this.#jobs.get(source)?.state;
  }

  /**
   * The key of a finished job, once, or the error of a failed one, once. Errors: `in_progress` while
   * it runs; the first call starts it.
   */
  take(source: KeyJobSource): SecretMaterial {
    const found = this.#jobs.get(source);
    if (found === undefined) this.#start(source);
    if (found === undefined || found.state === 'running') throw fail.InProgress;
    this.#jobs.delete(source);
    if (found.state === 'failed') throw found.error;
    return found.secret;
  }

  /** Stops what runs, and lets go of keys that nobody fetched, now and when they come. */
  close(): void {
    this.#closed = true;
    for (const entry of this.#jobs.values()) {
      if (entry.state === 'done') entry.secret.release();
      else if (entry.state === 'running') entry.job.stop();
    }
    this.#jobs.clear();
  }

  #start(source: KeyJobSource): void {
    const job = source.generateInBackground();
    this.#jobs.set(source, { state: 'running', job });
    job.result.then(
      (secret) => {
        if (this.#closed) secret.release();
        else this.#jobs.set(source, { state: 'done', secret });
      },
      (error: unknown) => {
        if (!this.#closed) this.#jobs.set(source, { state: 'failed', error });
      },
    );
  }
}
