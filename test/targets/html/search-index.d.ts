/** What `search-index.js` has for `templates/html/search.js`. */
declare const searchIndex: readonly (readonly [name: string, what: string, path: string, summary: string])[];
