/** Prints what a scan finds: `npm run residue [-- --shared] [--native-off]`. */
import { scanned } from './scanned.js';

const options = { shared: process.argv.includes('--shared'), native: !process.argv.includes('--native-off') };
const found = await scanned(options);
const left = found.filter(({ copies }) => copies > 0);
for (const { path, copies } of left) console.log(`${copies} left: ${path}`);
console.log(`${found.length} secrets planted, ${left.length} left`);
if (left.length > 0) process.exitCode = 1;
