/** Key pairs that are computed while the guest goes on. */
import type { SecretMaterial } from '../contracts/keys.js';
import { fail } from '../failures.js';

type Job =
  | { readonly state: 'running' }
  | { readonly state: 'done'; readonly secret: SecretMaterial }
  | { readonly state: 'failed'; readonly error: unknown };

/** What is wanted, as far as two callers can share a job. */
export interface KeyJobSource {
  generateInBackground(): Promise<SecretMaterial>;
}

/**
 * At most one job for each family of keys, so for each algorithm. It advances when the host's event
 * loop turns: a guest that never returns to its host in between waits for ever.
 */
export class KeyJobs {
  readonly #jobs = new Map<KeyJobSource, Job>();
  #closed = false;

  /** Whether there is a job: running, or with a result that nobody fetched. */
  has(source: KeyJobSource): boolean {
    return this.#jobs.has(source);
  }

  /**
   * The key of a finished job, once, or the error of a failed one, once. Errors: `in_progress` while
   * it runs; the first call starts it.
   */
  take(source: KeyJobSource): SecretMaterial {
    const job = this.#jobs.get(source);
    if (job === undefined) this.#start(source);
    if (job === undefined || job.state === 'running') throw fail.InProgress;
    this.#jobs.delete(source);
    if (job.state === 'failed') throw job.error;
    return job.secret;
  }

  /** Lets go of keys that nobody fetched, now and when they come. */
  close(): void {
    this.#closed = true;
    for (const job of this.#jobs.values()) if (job.state === 'done') job.secret.release();
    this.#jobs.clear();
  }

  #start(source: KeyJobSource): void {
    this.#jobs.set(source, { state: 'running' });
    source.generateInBackground().then(
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
