/** Links between pages of a folder. */
import { posix } from 'node:path';

/** Those that lead nowhere, each with its page, and ids that stand twice on a page. */
export function deadLinks(files: ReadonlyMap<string, string>): readonly string[] {
  const anchors = new Map(
    [...files].filter(([path]) => path.endsWith('.html')).map(([path, text]) => [path, values(text, 'id')]),
  );
  return [...anchors].flatMap(([path, ids]) => {
    const text = files.get(path) ?? '';
    const dead = [...values(text, 'href'), ...values(text, 'src')].filter((link) => {
      if (/^[a-z]+:/.test(link)) return false;
      const [file = '', anchor] = link.split('#');
      const to = file === '' ? path : posix.join(posix.dirname(path), decodeURI(file));
      return !files.has(to) || (anchor !== undefined && anchors.get(to)?.includes(decodeURIComponent(anchor)) !== true);
    });
    const twice = ids.filter((id, at) => ids.indexOf(id) < at);
    return [...dead.map((link) => `${path}: ${link}`), ...twice.map((id) => `${path}: the id ${id} stands twice`)];
  });
}

function values(text: string, attribute: string): readonly string[] {
  return [...text.matchAll(new RegExp(`<[^>]*? ${attribute}="([^"]*)"`, 'g'))].map(([, value = '']) => value);
}
