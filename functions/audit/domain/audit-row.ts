import { createHash } from 'node:crypto';
import type { AuditLog } from '../../../contracts/audit/routes.ts';

/** Rows lie in partitions of a workspace and month; what happened outside of workspaces, of a user and month. */
export interface Partition {
  /** The id of the workspace or user. */
  scope: string;
  /** `2026-01`, UTC. */
  month: string;
}

/** The place of a row in time: `<created_at>#<id>`, compared as text. */
export type Position = string;

/** Of two texts that sort by time. */
export const newer = (a: string, b: string) => (a > b ? a : b);
export const older = (a: string, b: string) => (a < b ? a : b);

export const monthOf = (time: string) => time.slice(0, 7);

export const positionOf = ({ created_at, id }: Pick<AuditLog, 'created_at' | 'id'>): Position => `${created_at}#${id}`;

export const timeOf = (position: Position) => position.slice(0, position.indexOf('#'));
export const idOf = (position: Position) => position.slice(position.indexOf('#') + 1);

export const partitionOf = (row: AuditLog): Partition => ({
  scope: row.workspace_id ?? row.user_id,
  month: monthOf(row.created_at),
});

const isText = (value: unknown): value is string => typeof value === 'string';
const textOrNull = (value: unknown) => (isText(value) ? value : null);
const exactTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

/** A row from what the table holds, or undefined for what can not be one. */
export function readAuditRow(item: Readonly<Record<string, unknown>>): AuditLog | undefined {
  const { id, user_id, action, resource, success, status, ip_address, user_agent, request_id, created_at } = item;
  if (!isText(id) || id === '' || !isText(user_id) || user_id === '') return undefined;
  if (!isText(created_at) || !exactTime.test(created_at) || !isText(request_id)) return undefined;
  if (!isText(action) || !isText(resource) || typeof success !== 'boolean' || typeof status !== 'number')
    return undefined;
  return {
    id,
    user_id,
    action,
    resource,
    resource_id: textOrNull(item['resource_id']),
    workspace_id: textOrNull(item['workspace_id']),
    success,
    status,
    ip_address: textOrNull(ip_address) ?? '',
    user_agent: textOrNull(user_agent) ?? '',
    request_id,
    created_at,
  };
}

/**
 * The SHA-256 of a row's public fields in one fixed order, so that it does not depend on how the table or a reader lays the row out. The order and the
 * first word are part of every chain: a new field takes a new word and is added at the end.
 */
export function hashRow(row: AuditLog): string {
  const fields = [
    'row-1',
    row.id,
    row.user_id,
    row.action,
    row.resource,
    row.resource_id,
    row.workspace_id,
    row.success,
    row.status,
    row.ip_address,
    row.user_agent,
    row.request_id,
    row.created_at,
  ];
  return createHash('sha256').update(JSON.stringify(fields)).digest('base64url');
}

/** A row's position, or the end of a second, a day or a month: lists page by them. */
export const placeForm = /^\d{4}-(?:0[1-9]|1[0-2])(?:-\d\d(?:T\d\d:\d\d:\d\d(?:\.\d{3}Z#[\w-]{1,64})?)?)?~?$/;
