/** The registry of targets, in the order of the documentation. */
import { assemblyscriptGuest } from './assemblyscript-guest/index.js';
import { cGuest } from './c-guest/index.js';
import { componentHost } from './component-host/index.js';
import { html } from './html/index.js';
import { markdown } from './markdown/index.js';
import { overview } from './overview/index.js';
import type { Target } from './target.js';
import { typescriptHost } from './typescript-host/index.js';
import { wit } from './wit/index.js';

export const targets: readonly Target[] = [
  typescriptHost,
  componentHost,
  assemblyscriptGuest,
  cGuest,
  wit,
  markdown,
  html,
  overview,
];
