import { createHash } from 'node:crypto';
import type { ChainBreak } from '../../../contracts/audit/routes.ts';
import type { Position } from './audit-row.ts';
import type { Tail } from './check-chain.ts';

/** Some blocks of a day with its rows, in an object of their own, gzipped. */
export interface ArchivePart {
  key: string;
  sha256: string;
  bytes: number;
  blocks: number;
  rows: number;
}

/** What was archived of a day. It is there once all parts are, and a day without rows has one, too: a day can't be passed off as empty. */
export interface Manifest {
  day: string;
  /** From 1; another one where rows of the day were chained after it was archived. */
  edition: number;
  at: string;
  /** Digests that the index of all rows had of the day. More of them later: rows came late. */
  digests: number;
  /** What was wrong with the day when a person had it archived as it was; else empty. */
  findings: readonly ChainBreak[];
  parts: readonly ArchivePart[];
}

/** How far the rows of a day in one chain have been read: `seq` and `hash` of the last block, then as `Progress` of a verification. */
export interface DayProgress extends Tail {
  scope: string;
  read: Position;
  lying: number;
  chained: number;
}

/** What a stretch of work leaves to the next. */
export interface ArchiveJob {
  day: string;
  edition: number;
  digests: number;
  findings: readonly ChainBreak[];
  parts: readonly ArchivePart[];
  /** Undefined before the first part. */
  reached: DayProgress | undefined;
}

/** Where the archive stands, by days. For those who want to know; what proves it are the objects. */
export interface ArchiveState {
  /** The first day that has rows. */
  first: string;
  /** All days before it are archived. */
  archived: string;
  /** Of all days before it the rows have been given an end, or were left for their findings. */
  expired: string;
}

export const dayPrefix = (day: string) => `archive/${day}/`;
export const manifestPrefix = (day: string) => `${dayPrefix(day)}manifest-`;
export const manifestKey = ({ day, edition }: Pick<Manifest, 'day' | 'edition'>) =>
  `${manifestPrefix(day)}${String(edition).padStart(3, '0')}.json`;

/** Markers of days whose rows may have expired from the table. */
export const expiredPrefix = (month: string) => `archive/expired/${month}`;
export const expiredKey = (day: string) => `archive/expired/${day}.json`;

export const sha256Of = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

/** A part is named after its content: the same work done twice makes the same object, and other content never takes its place. */
export const partKey = (day: string, number: number, sha256: string) =>
  `${dayPrefix(day)}${String(number).padStart(4, '0')}-${sha256.slice(0, 16)}.ndjson.gz`;

const sum = (parts: readonly ArchivePart[], field: 'rows' | 'blocks' | 'bytes') =>
  parts.reduce((total, part) => total + part[field], 0);

export const rowsIn = ({ parts }: Pick<Manifest, 'parts'>) => sum(parts, 'rows');

/** A part a line: a person can read it. */
export function writeManifest(manifest: Manifest): Uint8Array {
  const { day, edition, at, digests, findings, parts } = manifest;
  const totals = { rows: sum(parts, 'rows'), blocks: sum(parts, 'blocks'), bytes: sum(parts, 'bytes') };
  const head = JSON.stringify({ format: 'archive-1', day, edition, at, digests, ...totals, findings }).slice(0, -1);
  return Buffer.from(`${head},"parts":[\n${parts.map((part) => JSON.stringify(part)).join(',\n')}\n]}\n`);
}

/** @throws for what is no manifest. */
export function readManifest(key: string, bytes: Uint8Array): Manifest {
  const { format, day, edition, at, digests, findings, parts } = JSON.parse(Buffer.from(bytes).toString('utf8'));
  if (format !== 'archive-1' || !Array.isArray(parts)) throw new Error(`cannot read the manifest ${key}`);
  return { day, edition, at, digests, findings, parts };
}
