/** What the handles of the extension stand for in this runtime. */
import type { Bignum } from '../../numbers/bignum.js';
import type { Element } from '../../numbers/element.js';
import type { Group, Scalar } from '../../numbers/group.js';
import type { Modulus, Residue } from '../../numbers/modulus.js';

export interface ExtensionKinds {
  readonly modulus: Modulus;
  readonly residue: Residue;
  readonly bignum: Bignum;
  readonly group: Group;
  readonly scalar: Scalar;
  readonly element: Element;
}
