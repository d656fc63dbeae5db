/**
 * What a guest makes its host keep and do: one meter a context, with an account for each kind of handle.
 *
 * How to use it: whatever keeps bytes for a guest has the account of its kind, charges it before it keeps them, and
 * gives back the same number when it lets go of them. Objects do so by the last line of their constructors
 * (`objects/guest-object.ts`), buffers by `ByteCollector` and `RunningInput`: new kinds of states need not do anything.
 *
 * Work is spent from the same account, once everything else about a call has been judged and before it begins:
 * `account.spend(cost)`, in the unit of `prices.ts`. What is kept or hashed as it comes is spent by `ByteCollector` and
 * `RunningInput`; algorithms spend for the rest of their work.
 */
import { fail } from './failures.js';
import type { Limits } from './limits.js';
import { objectPrices } from './prices.js';

/** Kinds of handles, by the runtime's names. */
export type HandleKind = keyof typeof objectPrices;

interface Budget {
  /** What is left of the bytes. */
  left: number;
  /** All cost so far. */
  spent: number;
  /** What it was when this call began. */
  begun: number;
  readonly callCost: number;
  readonly totalCost: number;
}

export class Account {
  /** What an object of this kind takes beside its bytes. */
  readonly price: number;
  /** How many objects are live. */
  objects = 0;
  /** What they take, prices included. */
  bytes = 0;
  /** What work on objects of this kind has cost. */
  cost = 0;
  readonly #budget: Budget;

  constructor(price: number, budget: Budget) {
    this.price = price;
    this.#budget = budget;
  }

  /** How much more could be charged. */
  get left(): number {
    return this.#budget.left;
  }

  /** Errors: `overflow`, and nothing is charged. @param bytes may be negative: that many are given back */
  charge(bytes: number): void {
    if (bytes > this.#budget.left) throw fail.Overflow;
    this.#budget.left -= bytes;
    this.bytes += bytes;
  }

  /** Errors: `overflow`, and nothing is spent. */
  spend(cost: number): void {
    this.requireLeft(cost);
    this.#budget.spent += cost;
    this.cost += cost;
  }

  /** That so much could be spent. Errors: `overflow`. */
  requireLeft(cost: number): void {
    const budget = this.#budget;
    const spent = budget.spent + cost;
    if (spent - budget.begun > budget.callCost || spent > budget.totalCost) throw fail.Overflow;
  }

  giveBack(bytes: number): void {
    this.#budget.left += bytes;
    this.bytes -= bytes;
  }

  /** Charges without asking: look at `left` afterwards. */
  take(bytes: number): void {
    this.#budget.left -= bytes;
    this.bytes += bytes;
  }

  /** Charges a new object. Errors: `overflow`, and nothing is charged. @param bytes beside its price */
  open(bytes: number): void {
    this.charge(this.price + bytes);
    this.objects += 1;
  }

  /** Gives back what `open` charged. */
  close(bytes: number): void {
    this.giveBack(this.price + bytes);
    this.objects -= 1;
  }
}

/** For what no guest keeps: computations that end with the call, and values that all share. Not infinite: V8 is faster at small integers. */
export const unmetered = new Account(0, { left: 2 ** 30, spent: 0, begun: 0, callCost: Infinity, totalCost: Infinity });

/** What the objects of one kind take; see `Usage`. */
export interface KindUsage {
  readonly handles: number;
  readonly bytes: number;
  readonly cost: number;
}

/** What a guest takes of its host. */
export interface Usage {
  /** What the host keeps for the guest now, in bytes; `limits.totalBytes` bounds it. */
  readonly bytes: number;
  /** How many handles are open. */
  readonly handles: number;
  /** How many calls there were that got as far as the runtime: memory, text and handles were right. Closing is not counted. */
  readonly calls: number;
  /** What they have cost, in the unit of `limits.callCost`; `limits.totalCost` bounds it. */
  readonly cost: number;
  /** The same for each kind of handle. Keys and options that states still use count as their own kind. */
  readonly byKind: Readonly<Record<HandleKind, KindUsage>>;
}

export type Accounts = Readonly<Record<HandleKind, Account>>;

export class Meter {
  readonly accounts: Accounts;
  /** For what a batch holds until the guest has it. */
  readonly batches: Account;
  /** For the work of calls that have no object. */
  readonly free: Account;
  readonly #totalBytes: number;
  readonly #budget: Budget;
  /** How many calls there were. */
  #calls = 0;

  constructor({ totalBytes, callCost, totalCost }: Limits) {
    this.#totalBytes = totalBytes;
    this.#budget = { left: totalBytes, spent: 0, begun: 0, callCost, totalCost };
    const account = (kind: HandleKind): Account => new Account(objectPrices[kind], this.#budget);
    // Written out: V8 then finds an account by its place.
    this.accounts = {
      arrayOutput: account('arrayOutput'),
      options: account('options'),
      secretsManager: account('secretsManager'),
      keypair: account('keypair'),
      signatureState: account('signatureState'),
      signature: account('signature'),
      publickey: account('publickey'),
      secretkey: account('secretkey'),
      signatureVerificationState: account('signatureVerificationState'),
      symmetricState: account('symmetricState'),
      symmetricKey: account('symmetricKey'),
      symmetricTag: account('symmetricTag'),
      modulus: account('modulus'),
      residue: account('residue'),
      bignum: account('bignum'),
      group: account('group'),
      scalar: account('scalar'),
      element: account('element'),
    };
    this.batches = new Account(0, this.#budget);
    this.free = new Account(0, this.#budget);
  }

  /** A call begins: it may spend as much as one call may. */
  begin(): void {
    this.#calls += 1;
    this.#budget.begun = this.#budget.spent;
  }

  /** All cost so far. */
  get cost(): number {
    return this.#budget.spent;
  }

  /** What the guest has taken so far, and makes the host keep now. */
  usage(): Usage {
    const byKind = Object.fromEntries(
      Object.entries(this.accounts).map(([kind, { objects, bytes, cost }]) => [
        kind,
        { handles: objects, bytes, cost },
      ]),
    ) as Usage['byKind'];
    const handles = Object.values(byKind).reduce((sum, each) => sum + each.handles, 0);
    const bytes = this.#totalBytes - this.#budget.left;
    return { bytes, handles, calls: this.#calls, cost: this.#budget.spent, byKind };
  }
}
