/** The primary key of every item. */
export interface Key {
  pk: string;
  sk: string;
}

export type Item = Key & Record<string, unknown>;

/** Where a page ended: the primary key, with the index's keys when an index was read. */
export type Position = Key & Record<string, string>;

/**
 * A piece of an expression, in DynamoDB's own words. `#name` stands for the attribute `name` unless `names` maps it
 * (a path is written `ss.#sid`, with `sid` mapped); `:x` stands for `values.x`.
 */
export interface Fragment {
  text: string;
  values?: Readonly<Record<string, unknown>>;
  names?: Readonly<Record<string, string>>;
}

/** Makes the domain's error of a failed condition from the item as it was, `undefined` when there was none. */
export type Refuse = (old: Item | undefined) => Error;

type Guarded = { condition: Fragment; otherwise: Refuse };
type Guard = Guarded | { condition?: undefined; otherwise?: undefined };

interface Extras {
  /** In a transaction: this write's refusal wins over those that stand before it (the idempotency record). */
  priority?: boolean;
  /**
   * For the meter alone: the item as it was last read. Transactions answer nothing, so without it an update, a delete or a
   * check is billed by its key and values, which is right while the whole item is within 1 KB and not indexed.
   */
  was?: Item;
}

/** What one request of its own can do. */
export type PlainWrite = Extras & Guard & ({ put: Item } | { update: Key; change: Fragment } | { delete: Key });

/** `change` is an update expression: `SET … REMOVE … ADD … DELETE …`. A `check` writes nothing and is for transactions. */
export type Write = PlainWrite | (Extras & Guarded & { check: Key });

export interface Page {
  items: Item[];
  /** Rows that matched: with `count` there are no items, only this. */
  count: number;
  /** Hand it to `after` for the next page. A page may be empty and still have one. */
  next?: Position;
}

export interface Query {
  pk: string;
  index?: 'gsi1' | undefined;
  /** The sort key begins with it; or it lies between `from` and `to`, both inclusive, either may be left out. */
  prefix?: string | undefined;
  from?: string | undefined;
  to?: string | undefined;
  descending?: boolean | undefined;
  limit?: number | undefined;
  after?: Readonly<Record<string, string>> | undefined;
  /** Default true on the table; an index is always eventually consistent. */
  consistent?: boolean | undefined;
  /** Only how many: what is read is billed the same, but does not travel. */
  count?: boolean | undefined;
}

export interface ReadOptions {
  /** Default true. Eventually consistent reads cost half. */
  consistent?: boolean | undefined;
}

/**
 * The one table. Whatever keeps a call from being served (throttling, conflicts of transactions, faults of the service
 * or the network) is retried within a bound, then thrown as SERVICE_UNAVAILABLE with Retry-After.
 */
export interface Table {
  get(key: Key, options?: ReadOptions): Promise<Item | undefined>;
  /** The items that exist, in the order of `keys`; 100 keys a trip, all trips at once. */
  getMany(keys: readonly Key[], options?: ReadOptions): Promise<Item[]>;
  /** One page: at most `limit` rows, or 1 MB of them. */
  query(query: Query): Promise<Page>;
  /**
   * Every row, or the first `limit`. For partitions that a quota bounds: more than `cap` rows (default 2,000) is an error
   * of ours, not a truncated answer.
   */
  queryAll(query: Query, cap?: number): Promise<Item[]>;
  /** How many rows there are, counted to `limit` when it is given. */
  count(query: Query): Promise<number>;
  /**
   * One conditional write; answers the item before or after it when asked to.
   *
   * When an answer is lost the write is sent again, for it may not have arrived. What that means:
   * - put, delete, and `SET` to given values repeat without harm;
   * - a condition that fails on the repeat may have been made false by the first try: SERVICE_UNAVAILABLE, never `otherwise`;
   * - `ADD #n :one` (or `SET #n = #n + :one`) whose condition still holds counts twice. Right for a limit, which then errs to
   *   the strict side. Where it is money or stock, use `transact`, whose token makes a repeat harmless.
   */
  write(write: PlainWrite, returning?: 'old' | 'new'): Promise<Item | undefined>;
  /**
   * All or nothing, at most 100 writes on as many items. The first failing guard in order, but a `priority` one before all,
   * throws its `otherwise`. `token` (≤ 36 characters) makes the same transaction within ten minutes the same effect.
   */
  transact(writes: readonly Write[], token?: string): Promise<void>;
}
