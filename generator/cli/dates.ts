/** Dates and numbers of the command line, and how it shows dates. */
import { ConfigurationError } from '../project/errors.js';

/** A year alone is no number of seconds that anybody means. */
const secondsText = /^\d{5,}$|^0$/;
const dateText = /^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:\d{2}))?$/;

/** Whole seconds since 1970. */
export function dateOf(text: string): bigint {
  if (secondsText.test(text)) return BigInt(countOf(text));
  const milliseconds = dateText.test(text) ? Date.parse(text) : NaN;
  const day = text.slice(0, 10);
  // JavaScript takes 31 February for a day in March.
  const isDay = !Number.isNaN(milliseconds) && new Date(`${day}T00:00:00Z`).toISOString().startsWith(day);
  if (!isDay || milliseconds < 0)
    throw new ConfigurationError(
      `\`${text}\` is no date`,
      'write it as 2027-01-31, as 2027-01-31T12:00:00Z, or as seconds since 1970',
    );
  return BigInt(Math.floor(milliseconds / 1000));
}

export function countOf(text: string): number {
  const count = Number(text);
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(count))
    throw new ConfigurationError(`\`${text}\` is no whole number`, undefined);
  return count;
}

/** Dates beyond what JavaScript knows are shown as seconds. */
export function shownDate(seconds: bigint): string {
  return seconds > 8_640_000_000_000n
    ? String(seconds)
    : new Date(Number(seconds) * 1000).toISOString().slice(0, 19) + 'Z';
}
