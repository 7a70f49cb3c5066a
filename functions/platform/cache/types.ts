/** A value as it was set. */
export interface Entry<Value = unknown> {
  value: Value;
  /** When it was set, and until when it is fresh: ISO 8601. */
  setAt: string;
  expiresAt: string;
  fresh: boolean;
}

/** What a look found. `generation` goes back into `set`, so that a value that was made before a flush is not seen after it. */
export interface Look<Value = unknown> {
  entries: ReadonlyMap<string, Entry<Value>>;
  generation: string;
}

export interface Lifetime {
  /** For how long the value is fresh. */
  seconds: number;
  /** For how long it may still be looked at after that, by who would rather have an old value than none. Default 0. */
  keepSeconds?: number;
}

/**
 * Values that can be made again, kept for a time in the table, in a namespace of their own. Never a secret: whoever reads the table reads
 * them. Whether an old value is good enough is the reader's decision; nothing is fresh past its time, whatever the table still holds.
 */
export interface Cache<Value = unknown> {
  /** The value, if it is fresh. One trip. */
  get(key: string): Promise<Value | undefined>;
  /** Up to 99 entries at once, those past their time as well. One trip. */
  look(keys: readonly string[]): Promise<Look<Value>>;
  /** One trip, and one more without the `generation` of an earlier look. Throws RangeError for a value that no item can hold. */
  set(key: string, value: Value, lifetime: Lifetime, generation?: string): Promise<void>;
  /** One trip. The function needs the right to delete items. */
  delete(key: string): Promise<void>;
  /** Everything of the namespace is gone for every reader, at once: one write, however much it holds. */
  flush(): Promise<void>;
}
