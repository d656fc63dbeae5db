// Protocols as guests: one party is a core module, the other a component of the same source.
//   node examples/protocols/run.mjs [hpke …]
import { build, protocols } from './build.mjs';

const asked = process.argv.slice(2);
for (const name of asked.length > 0 ? asked : protocols) {
  if (!protocols.includes(name)) throw new Error(`there is no ${name}: there are ${protocols.join(', ')}`);
  const { core, component } = await build(name);
  const { demo } = await import(`./demos/${name}.mjs`);
  const parties = [await core(), await component()];
  process.stdout.write(`${name}\n`);
  await demo(...parties, (what, outcome) => process.stdout.write(`  ${what.padEnd(9)} ${outcome}\n`));
  for (const { crypto } of parties) crypto.close();
}
