/** Prints what a scan finds: `npm run residue [-- --shared | --component | --isolated] [--native-off]`. */
import { scanned, type ScanOptions } from './scanned.js';

const guests = ['shared', 'component', 'isolated'] as const;
const options: ScanOptions = {
  guest: guests.find((each) => process.argv.includes(`--${each}`)) ?? 'core',
  native: !process.argv.includes('--native-off'),
};
const found = await scanned(options);
const left = found.filter(({ copies }) => copies > 0);
for (const { path, copies } of left) console.log(`${copies} left: ${path}`);
console.log(`${found.length} secrets planted, ${left.length} left`);
if (left.length > 0) process.exitCode = 1;
