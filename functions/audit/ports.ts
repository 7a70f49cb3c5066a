import type { AuditLog } from '../../contracts/audit/routes.ts';
import type { Piece } from '../platform/api/read-page.ts';
import type { Write } from '../platform/table/types.ts';
import type { Anchor, FoundAnchor } from './domain/anchor.ts';
import type { ArchiveJob, ArchivePart, ArchiveState, Manifest } from './domain/archive.ts';
import type { Partition, Position } from './domain/audit-row.ts';
import type { Block, Head } from './domain/chain.ts';
import type { Digest, IndexEntry } from './domain/digest.ts';
import type { ExportJob, UploadState } from './domain/export.ts';

/** Which part of a trail is read, and in which order. */
export interface Stretch {
  direction: 'asc' | 'desc';
  /** Strictly beyond this; the beginning unless given. */
  from: Position | undefined;
  /** Rows made at this time or later. */
  start: string | undefined;
  /** Rows made before this time. */
  end: string | undefined;
  /** About how many entries are wanted, so that no more is read at once than is of use. */
  wanted: number;
}

export interface RowOf {
  position: Position;
  row: AuditLog;
}

export interface AuditRowStore {
  /** The rows of a workspace, eventually consistent, month after month from when the workspace began. */
  read(scope: string, stretch: Stretch, now: Date): AsyncIterable<Piece<RowOf>>;
  /** Those that exist, in the order asked, eventually consistent. */
  find(places: readonly (Partition & { position: Position })[]): Promise<AuditLog[]>;
  /** The rows of one partition behind `after`, up to `to`, in order, strongly consistent, whatever they hold. At most `limit`. */
  scan(
    partition: Partition,
    range: { after: Position; to?: Position | undefined; limit: number },
  ): Promise<StoredRow[]>;
  /** As `scan` finds them, by position. */
  load(partition: Partition, positions: readonly Position[]): Promise<StoredRow[]>;
}

/** A row as it lies in the table; `row` is missing when what lies there is none. */
export interface StoredRow {
  position: Position;
  row: AuditLog | undefined;
  /** The API key that called. */
  keyId: string | undefined;
}

export interface AuditIndexStore {
  /** Writing a digest again changes nothing. */
  add(digests: readonly Digest[]): Promise<void>;
  /** All rows there are, eventually consistent. */
  read(stretch: Stretch, now: Date): AsyncIterable<Piece<IndexEntry>>;
  /** The first day that has rows, `2026-01-31`. */
  firstDay(): Promise<string | undefined>;
  /** How many digests a day has, strongly consistent. */
  countDigests(day: string): Promise<number>;
}

export interface ChainStore {
  heads(partitions: readonly Partition[]): Promise<Head[]>;
  /** The heads of a scope, by month. */
  headsOf(scope: string): Promise<Head[]>;
  /** The head of the scope's last month before this one that has a chain. */
  earlierHead(partition: Partition): Promise<Head | undefined>;
  /** The positions that blocks hold at or behind `from`. */
  chainedSince(head: Head, from: Position): Promise<Set<Position>>;
  /** Adds a block behind `head`, in one transaction with the new head. False when the chain has gone on meanwhile. */
  append(block: Block, head: Head | undefined): Promise<boolean>;
  /** Blocks behind number `after`, in order; at most `limit`, and fewer when they are large. */
  blocks(partition: Partition, after: number, limit: number): Promise<Block[]>;
  block(partition: Partition, seq: number): Promise<Block | undefined>;
  /** Scopes behind `after` that have a chain in the month, in order. */
  scopes(month: string, after: string | undefined, limit: number): Promise<string[]>;
}

export interface AnchorStore {
  /** The newest anchor of a month. */
  last(month: string): Promise<FoundAnchor | undefined>;
  /** The first month that has one. */
  firstMonth(): Promise<string | undefined>;
  /** Adds the anchor behind `last`, tied to it. False when another one was first. */
  add(anchor: Pick<Anchor, 'month' | 'at' | 'heads'>, last: FoundAnchor | undefined): Promise<boolean>;
}

export interface ExportFiles {
  write(job: ExportJob, body: Uint8Array): Promise<void>;
  /** Whoever holds it may read the file for so many seconds. */
  link(job: ExportJob, seconds: number, now: Date): Promise<string>;
  /** A file that is sent in parts is there once all of them are. */
  isWritten(job: ExportJob): Promise<boolean>;
  /** Begins the file's upload, or goes on with it. */
  upload(job: ExportJob): Promise<ExportUpload>;
  /** What one stretch of the work leaves to the next, being too small for a part. */
  readRest(key: string): Promise<Uint8Array>;
  writeRest(key: string, bytes: Uint8Array): Promise<void>;
}

/** A file that is sent part by part: 5 MB or more, but for the last. */
export interface ExportUpload {
  state(): UploadState;
  send(part: Uint8Array): Promise<void>;
  complete(): Promise<void>;
}

export interface ExportStore {
  put(job: ExportJob): Write;
  get(scope: string, id: string): Promise<ExportJob | undefined>;
  /** Notes what has become of a pending export in this stretch of the work. False when another was first. */
  advance(job: ExportJob, leg: number): Promise<boolean>;
}

/** Archived days, in the bucket of the anchors: nothing there is ever replaced. */
export interface ArchiveFiles {
  /** The last edition of a day's. */
  manifest(day: string): Promise<Manifest | undefined>;
  /** False when another one was first. */
  addManifest(manifest: Manifest): Promise<boolean>;
  /** Puts a part where it is not there yet. */
  addPart(place: { day: string; number: number }, text: string): Promise<Pick<ArchivePart, 'key' | 'sha256' | 'bytes'>>;
  /** @throws when it is not there, or is not what its manifest says. */
  part(part: ArchivePart): Promise<string>;
  /** Says that from now on rows of an archived day may be missing from the table. */
  markExpired(manifest: Manifest, at: string): Promise<void>;
  /** The days that are marked so and begin like this, in order: those of a month, or all with ''. */
  expiredDays(month: string): Promise<Set<string>>;
}

/** Where the archive stands, in the table. */
export interface ArchiveNotes {
  state(): Promise<ArchiveState | undefined>;
  saveState(state: ArchiveState): Promise<void>;
  job(day: string): Promise<ArchiveJob | undefined>;
  saveJob(job: ArchiveJob, now: Date): Promise<void>;
  /** Parts of a day whose rows have been given an end. */
  expiredParts(day: string): Promise<number>;
  saveExpiredParts(day: string, parts: number, now: Date): Promise<void>;
}

/** Gives rows and index items an end; it can do nothing else to them. */
export interface RowExpiry {
  expireRows(rows: readonly AuditLog[], at: Date): Promise<void>;
  /** The digests of a day, and its place among the days that have any. */
  expireIndex(day: string, at: Date): Promise<void>;
}

export interface AuditStores {
  rows: AuditRowStore;
  index: AuditIndexStore;
  chain: ChainStore;
  anchors: Pick<AnchorStore, 'last' | 'firstMonth'>;
}
