/**
 * What was proved before: that this generator, code for code, makes exactly what a manifest records.
 * `check` then needs hashes only. Proofs stand in a cache that no version control tracks, beside the
 * package itself: who can write there can change the generator as well.
 */
import { mkdir, readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { packageRoot } from '../package-root.js';
import { writeAtomically } from './files.js';
import { generatorFingerprint } from './fingerprint.js';
import { hashText } from './manifest.js';
import { regenerateCommand, type Settings } from './settings.js';

/** Of the project when the package is installed there; of the checkout otherwise. */
const nodeModules =
  basename(dirname(packageRoot)) === 'node_modules' ? dirname(packageRoot) : join(packageRoot, 'node_modules');

export class Proofs {
  readonly #folder: string;
  readonly #fingerprint: string;

  constructor(folder = join(nodeModules, '.cache', 'wasi-crypto-gen'), fingerprint = generatorFingerprint()) {
    this.#folder = folder;
    this.#fingerprint = fingerprint;
  }

  /** Whether it was proved that these settings give what this manifest records. */
  async has(settings: Settings, manifestText: string): Promise<boolean> {
    if (!isProvable(settings)) return false;
    const found = await readFile(this.#path(manifestText), 'utf8').catch(() => undefined);
    return found === this.#statement(settings, manifestText);
  }

  /** Records a proof. Where that cannot be done, the next `check` is slower and says the same. */
  async add(settings: Settings, manifestText: string): Promise<void> {
    if (!isProvable(settings)) return;
    try {
      await mkdir(this.#folder, { recursive: true });
      await writeAtomically(this.#path(manifestText), this.#statement(settings, manifestText));
    } catch {
      // A cache is a convenience: a full disk or a folder of another user is no finding about the output.
    }
  }

  /** One file a manifest: a newer generator's proof takes the place of an older one's. */
  #path(manifestText: string): string {
    return join(this.#folder, `${hashText(manifestText)}.json`);
  }

  /** All that the output depends on: the manifest stands for inputs and options; label and command follow from where its folder is. */
  #statement({ folder, spec }: Settings, manifestText: string): string {
    const statement = {
      generator: this.#fingerprint,
      manifest: hashText(manifestText),
      label: spec.label,
      command: regenerateCommand(folder),
    };
    return `${JSON.stringify(statement, undefined, 2)}\n`;
  }
}

/** The code of other people's targets is in no fingerprint: what it makes is made again each time. */
function isProvable({ foreign }: Settings): boolean {
  return foreign.length === 0;
}
