/** The extension for core modules: WASI preview 1's ABI. */
import { bind, type Hosts } from '../../../generated/extension-0.1/witx/typescript-host/index.js';
import * as types from '../../../generated/extension-0.1/witx/typescript-host/types.js';
import type { Makers } from '../../../templates/typescript-host/late.js';
import type { GuestMemory } from '../../../templates/typescript-host/memory.js';
import type { ElementFormat } from '../../backends/arithmetic/arithmetic.js';
import { wipe } from '../../bytes.js';
import type { RuntimeContext } from '../../context.js';
import type { PaddingScheme, Support, TextEncoding } from '../../contracts/vocabulary.js';
import { bytesHost } from '../../interfaces/extension/bytes.js';
import { encodingHost } from '../../interfaces/extension/encoding.js';
import { groupHost } from '../../interfaces/extension/group.js';
import type { ExtensionKinds } from '../../interfaces/extension/kinds.js';
import { numbersHost } from '../../interfaces/extension/numbers.js';
import { paddingHost } from '../../interfaces/extension/padding.js';
import { queryHost } from '../../interfaces/extension/query.js';
import { randomHost } from '../../interfaces/extension/random.js';
import { requireSize } from '../../interfaces/extension/sizes.js';
import type { ByteOrder, Secrecy } from '../../numbers/context.js';
import { counted } from '../calls.js';
import { clears, translator } from '../errnos.js';

const orders: Readonly<Record<types.ByteOrder, ByteOrder>> = {
  [types.ByteOrder.BigEndian]: 'big',
  [types.ByteOrder.LittleEndian]: 'little',
};

const encodings: Readonly<Record<types.TextEncoding, TextEncoding>> = {
  [types.TextEncoding.Hex]: 'hex',
  [types.TextEncoding.Base64]: 'base64',
  [types.TextEncoding.Base64NoPadding]: 'base64-no-padding',
  [types.TextEncoding.Base64Url]: 'base64-url',
  [types.TextEncoding.Base64UrlNoPadding]: 'base64-url-no-padding',
  [types.TextEncoding.Base32]: 'base32',
  [types.TextEncoding.Base32NoPadding]: 'base32-no-padding',
  [types.TextEncoding.Base32Hex]: 'base32-hex',
  [types.TextEncoding.Base32HexNoPadding]: 'base32-hex-no-padding',
  [types.TextEncoding.Base32Crockford]: 'base32-crockford',
};

const schemes: Readonly<Record<types.PaddingScheme, PaddingScheme>> = {
  [types.PaddingScheme.Iso7816]: 'iso7816',
  [types.PaddingScheme.Pkcs7]: 'pkcs7',
  [types.PaddingScheme.Padme]: 'padme',
};

const secrecies: Readonly<Record<types.Secrecy, Secrecy>> = {
  [types.Secrecy.Public]: 'public',
  [types.Secrecy.Secret]: 'secret',
};

const formats: Readonly<Record<types.ElementFormat, ElementFormat>> = {
  [types.ElementFormat.Compressed]: 'compressed',
  [types.ElementFormat.Uncompressed]: 'uncompressed',
  [types.ElementFormat.XOnly]: 'x-only',
};

const tiers: Readonly<Record<Support['tier'], types.Tier>> = {
  untold: types.Tier.Untold,
  required: types.Tier.Required,
  recommended: types.Tier.Recommended,
  optional: types.Tier.Optional,
  extra: types.Tier.Extra,
};

const backends: Readonly<Record<Support['backend'], types.Backend>> = {
  untold: types.Backend.Untold,
  native: types.Backend.Native,
  webassembly: types.Backend.Webassembly,
  script: types.Backend.Script,
};

const timings: Readonly<Record<Support['timing'], types.Timing>> = {
  untold: types.Timing.Untold,
  constant: types.Timing.Constant,
  'best-effort': types.Timing.BestEffort,
  variable: types.Timing.Variable,
  refused: types.Timing.Refused,
};

const supported = ({ tier, backend, timing }: Support): types.Support => ({
  tier: tiers[tier],
  backend: backends[backend],
  timing: timings[timing],
});

/** A function of the definitions that is missing here is a type error. */
function hosts(context: RuntimeContext): Makers<Hosts<ExtensionKinds>> {
  return {
    bytes: () => {
      const bytes = bytesHost(context);
      return {
        ...bytes,
        bytesCompare: (order, a, b) => bytes.bytesCompare(orders[order], a, b),
        bytesIncrement: (order, value, out) => bytes.bytesIncrement(orders[order], value, out),
        bytesAdd: (order, a, b, out) => bytes.bytesAdd(orders[order], a, b, out),
      };
    },
    encoding: () => {
      const encoding = encodingHost(context);
      return {
        encodingEncodedLen: (form, count) => encoding.encodingEncodedLen(encodings[form], count),
        encodingDecodedMaxLen: (form, count) => encoding.encodingDecodedMaxLen(encodings[form], count),
        encodingEncode: (form, data, out) => encoding.encodingEncode(encodings[form], data, out),
        encodingDecode: (form, text, ignored, out) => encoding.encodingDecode(encodings[form], text, ignored, out),
      };
    },
    group: () => {
      const group = groupHost(context);
      return {
        ...group,
        scalarOpen: (of, secrecy) => group.scalarOpen(of, secrecies[secrecy]),
        elementEncode: (e, format, out) => group.elementEncode(e, formats[format], out),
      };
    },
    numbers: () => {
      const numbers = numbersHost(context);
      return {
        ...numbers,
        modulusImport: (order, value) => numbers.modulusImport(orders[order], value),
        residueImport: (to, order, value) => numbers.residueImport(to, orders[order], value),
        residueReduce: (to, order, wide) => numbers.residueReduce(to, orders[order], wide),
        residueExport: (x, order, out) => numbers.residueExport(x, orders[order], out),
        bignumImport: (to, order, value) => numbers.bignumImport(to, orders[order], value),
        bignumExport: (x, order, out) => numbers.bignumExport(x, orders[order], out),
      };
    },
    padding: () => {
      const padding = paddingHost(context);
      return {
        paddingPaddedLen: (scheme, block, size) => padding.paddingPaddedLen(schemes[scheme], block, size),
        paddingPad: (scheme, block, data, out) => padding.paddingPad(schemes[scheme], block, data, out),
        paddingUnpaddedLen: (scheme, block, padded) => padding.paddingUnpaddedLen(schemes[scheme], block, padded),
      };
    },
    query: () => {
      const query = queryHost(context);
      return {
        ...query,
        queryAlgorithm: (name) => supported(query.queryAlgorithm(name)),
        queryFunction: (name, of) => supported(query.queryFunction(name, of)),
      };
    },
    random: () => random(context),
  };
}

function random(context: RuntimeContext): Hosts<ExtensionKinds>['random'] {
  const random = randomHost(context);
  /** The owner's source may have called the guest, whose memory may have grown: that ends the view. */
  const give = (out: Uint8Array, draw: () => Uint8Array): void => {
    const { byteOffset, length } = out;
    const drawn = draw();
    (out.length === length ? out : context.guestRange(byteOffset, length)).set(drawn);
    wipe(drawn);
  };
  return {
    randomFill: (out) => give(out, () => random.randomBytes(out.length)),
    randomBelow: (order, bound, out) => {
      requireSize(out, bound.length);
      give(out, () => random.randomBelow(orders[order], bound));
    },
    randomBelowU64: random.randomBelowU64,
  };
}

/** @param memory of the guest, which other bindings of it share */
export function bindExtension(context: RuntimeContext, memory: GuestMemory) {
  return bind<ExtensionKinds>(counted(context, hosts(context)), {
    memory,
    budget: context.handles,
    onError: (error) => context.report(error),
    failureOf: translator(context, types.fail),
    clears,
    // The functions that count calls pass on what they are given.
    fewerParameters: true,
  });
}
