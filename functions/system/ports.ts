import type { Counts } from './domain/count.ts';

/** What a read of the table showed. */
export interface TableReading {
  milliseconds: number;
  /** Sockets that this process holds to the table, and may hold. */
  sockets: number;
  maxSockets: number;
}

export interface TableProbe {
  /** Reads one item, which need not be there. Throws SERVICE_UNAVAILABLE while the table does not answer. */
  read(): Promise<TableReading>;
}

/** Of this process, in bytes but for `collections` and `resources`. */
export interface ProcessFigures {
  uptimeSeconds: number;
  heapUsed: number;
  /** In use, and freed by collections so far. */
  allocated: number;
  resident: number;
  collections: number;
  /** What keeps the event loop busy. */
  resources: number;
}

export interface ProcessMeter {
  read(): ProcessFigures;
}

export interface CountStore {
  /** Which of these events have been counted. */
  counted(eventIds: readonly string[]): Promise<Set<string>>;
  /** Counts events, each once for ever: false, and nothing is counted, when one of them has been. */
  add(eventIds: readonly string[], counts: Counts, now: Date): Promise<boolean>;
  read(): Promise<Counts>;
}
