/** The table of algorithms: what `wasi-crypto-gen algorithms` says where the site is built. */
import { code, markup, stacked } from '../../generator/targets/html/markup.js';
import { table } from '../../generator/targets/html/page.js';
import { createWasiCrypto } from '../../runtime/index.js';
import type { Area } from './area.js';

const path = 'algorithms.html';

export function algorithmsArea(): Area {
  const crypto = createWasiCrypto();
  const { algorithms, node, openssl } = crypto.capabilities();
  crypto.close();
  const categories = [...new Set(algorithms.map(({ category }) => category))];
  const sections = categories.flatMap((category) => [
    markup`<h2 id="${category}">${category}</h2>`,
    table(
      ['algorithm', 'tier', 'backend', 'constant time', 'approved by'],
      algorithms
        .filter((each) => each.category === category)
        .map(({ id, tier, supported, reason, backend, constantTime, approved }) => [
          code(id),
          tier,
          supported ? backend : (reason ?? 'not supported'),
          constantTime,
          approved,
        ]),
    ),
  ]);
  const main = stacked(
    markup`<h1>Algorithms</h1>`,
    markup`<p>What <code>npx wasi-crypto-gen algorithms</code> says with Node ${node} and OpenSSL ${openssl}. Other machines may have other backends: ask on the one that runs the guests.</p>`,
    ...sections,
  );
  const links = categories.map((name) => ({ name, path: `${path}#${name}` }));
  return {
    pages: [{ path, title: 'Algorithms', main }],
    beside: [{ title: { name: 'Algorithms', path }, links }],
    entries: algorithms.map(({ id, category }) => {
      return { name: id, what: `algorithm · ${category}`, path: `${path}#${category}`, summary: '' };
    }),
  };
}
