import { digestOf } from './host.js';

const digest = await digestOf(new TextEncoder().encode(process.argv[2] ?? 'hello'));
console.log(Buffer.from(digest).toString('hex'));
