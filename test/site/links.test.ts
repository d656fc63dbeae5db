import { expect, it } from 'vitest';
import { deadLinks } from '../../docs/site/links.js';

it('finds links to pages and anchors that are not there, and ids that stand twice', () => {
  const files = new Map([
    [
      'index.html',
      '<h1 id="top">a</h1><a href="folder/page.html#here">b</a><a href="#top">c</a><a href="gone.html">d</a>',
    ],
    [
      'folder/page.html',
      '<p id="here"><a href="../index.html#gone">e</a><a href="https://elsewhere.example">f</a><b id="here">',
    ],
    ['style.css', ''],
    ['other.html', '<link href="style.css"><link href="data:,"><script src="gone.js">'],
  ]);
  expect(deadLinks(files)).toEqual([
    'index.html: gone.html',
    'folder/page.html: ../index.html#gone',
    'folder/page.html: the id here stands twice',
    'other.html: gone.js',
  ]);
});
