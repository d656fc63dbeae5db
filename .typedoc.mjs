// The reference of what programs import, as Markdown in `dist/api`: `npm run api`. `npm run site` makes pages of it.
import { readFileSync } from 'node:fs';

const { exports } = JSON.parse(readFileSync(new URL('package.json', import.meta.url), 'utf8'));
const entries = Object.values(exports).flatMap((each) => each.default ?? []);

/** @type {import('typedoc').TypeDocOptions & import('typedoc-plugin-markdown').PluginOptions} */
export default {
  name: 'Reference',
  // `wasi-crypto-runtime` exports one more.
  entryPoints: [...entries, './dist/runtime/native.js'].map((path) =>
    path.replace('./dist/', '').replace('.js', '.ts'),
  ),
  out: 'dist/api',
  plugin: ['typedoc-plugin-markdown'],
  treatWarningsAsErrors: true,
  // `npm run typecheck` does it.
  skipErrorChecking: true,
  readme: 'none',
  outputFileStrategy: 'modules',
  disableSources: true,
  excludeExternals: true,
  hidePageHeader: true,
  hideBreadcrumbs: true,
  useCodeBlocks: true,
  parametersFormat: 'table',
  interfacePropertiesFormat: 'table',
  typeDeclarationFormat: 'table',
  classPropertiesFormat: 'table',
  enumMembersFormat: 'table',
  tableColumnSettings: { hideDefaults: true, hideInherited: true, hideModifiers: true, hideOverrides: true },
  sort: ['source-order'],
  validation: { invalidLink: true, notExported: true },
  // Programs have no use for them: values that types are made of, and what our own parts say to each other.
  intentionallyNotExported: [
    'generator/diagnostics/catalog.ts:entries',
    'runtime/contracts/keys.ts:PublicKeyInfo',
    'runtime/contracts/primitives.ts:HeldKey',
    'runtime/contracts/primitives.ts:HeldSecret',
    'runtime/hosts/extension/component.ts:bindExtensionComponents',
    'runtime/hosts/preview1.ts:bindPreview1',
    'runtime/hosts/wit/0.11.ts:ComponentImports',
    'runtime/options.ts:Choices',
    'runtime/prices.ts:objectPrices',
    'runtime/secrets/tenant.ts:Tenant',
    'templates/component-host/lowering.ts:JsFunction',
    'templates/component-host/resources.ts:ResourceClass',
  ],
};
