// @ts-check
/** Finds names in the index as they are typed. Without this script there is no search box, and all else is there. */
(() => {
  /** @typedef {readonly [name: string, what: string, path: string, summary: string]} Entry */
  const shown = 40;

  const form = /** @type {HTMLFormElement} */ (document.querySelector('form[role="search"]'));
  const input = /** @type {HTMLInputElement} */ (form.querySelector('input'));
  const status = /** @type {HTMLElement} */ (form.querySelector('[role="status"]'));
  const list = /** @type {HTMLElement} */ (form.querySelector('ol'));
  const root = form.dataset['root'] ?? '';

  /** Names of both dialects are written alike. @param {string} text */
  const plain = (text) => text.toLowerCase().replace(/[\s_.:/-]+/g, '-');

  /** @type {readonly { entry: Entry, name: string, text: string }[]} */
  const all = /** @type {readonly Entry[]} */ (searchIndex).map((entry) => ({
    entry,
    name: plain(entry[0]),
    text: plain(entry.join(' ')),
  }));

  /** The best first: 0 is the name itself; undefined: it does not fit. @param {string} name @param {string} text @param {string} asked */
  const rank = (name, text, asked) => {
    if (name === asked) return 0;
    if (name.startsWith(asked)) return 1;
    if (name.includes(`-${asked}`)) return 2;
    if (name.includes(asked)) return 3;
    return asked.split('-').every((word) => text.includes(word)) ? 4 : undefined;
  };

  const find = () => {
    const asked = plain(input.value.trim());
    const found =
      asked === ''
        ? []
        : all.flatMap(({ entry, name, text }) => {
            const place = rank(name, text, asked);
            return place === undefined ? [] : [{ entry, place }];
          });
    found.sort((left, right) => left.place - right.place);
    const count = `${found.length} ${found.length === 1 ? 'result' : 'results'}`;
    status.textContent = asked === '' ? '' : found.length > shown ? `${count}, the first ${shown} of them:` : count;
    list.replaceChildren(...found.slice(0, shown).map(({ entry }) => item(entry)));
    form.classList.toggle('open', asked !== '');
  };

  /** @param {Entry} entry */
  const item = ([name, what, path, summary]) => {
    const link = document.createElement('a');
    link.href = root + path;
    for (const [tag, text] of [
      ['strong', name],
      ['small', what],
      ['span', summary],
    ]) {
      const part = document.createElement(tag ?? 'span');
      part.textContent = text ?? '';
      if (text !== '') link.append(part);
    }
    const row = document.createElement('li');
    row.append(link);
    return row;
  };

  const close = () => {
    input.value = '';
    find();
  };

  form.hidden = false;
  input.addEventListener('input', find);
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    list.querySelector('a')?.click();
  });
  form.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape') return;
    close();
    input.focus();
  });
  // A result may be on this page.
  list.addEventListener('click', (event) => {
    if (event.target instanceof Element && event.target.closest('a') !== null) setTimeout(close);
  });
  document.addEventListener('click', (event) => {
    if (event.target instanceof Node && !form.contains(event.target)) form.classList.remove('open');
  });
  input.addEventListener('focus', find);
})();
