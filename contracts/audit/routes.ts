import * as z from 'zod';
import { defineRoutes, route } from '../route.ts';
import { booleanParam, id, idParams, timeParam, timestamp } from '../shared/fields.ts';
import { listOf, streamQuery } from '../shared/list.ts';
import { auditLog } from './audit-log.ts';

export { type AuditLog, auditLog } from './audit-log.ts';

const tag = 'Audit';

/**
 * What a verification finds. `edited`: a row or a block does not hash to what the chain recorded. `deleted`: a recorded row or block is gone.
 * `reordered`: rows or blocks stand in each other's place. `truncated`: the chain ends before its head says, or has lost its head. `unchained`: a row that
 * no block holds a quarter of an hour after it was made.
 */
export const breakKinds = ['edited', 'deleted', 'reordered', 'truncated', 'unchained'] as const;
export type BreakKind = (typeof breakKinds)[number];

export const chainBreak = z
  .strictObject({
    kind: z.enum(breakKinds),
    /** Chains are kept a workspace and month; what happens outside of workspaces, a user and month. */
    scope_id: id.meta({
      description: 'The workspace of the chain; for what happened outside of workspaces, the user.',
    }),
    month: z.string().meta({ example: '2026-01' }),
    block: z.int().nullable().meta({ description: 'The number of the block in its chain, from 1.' }),
    row_id: id.nullable(),
    created_at: timestamp.nullable().meta({ description: 'When the row was made.' }),
  })
  .meta({ id: 'AuditChainBreak' });
export type ChainBreak = z.output<typeof chainBreak>;

export const verification = z
  .strictObject({
    intact: z.boolean(),
    breaks: z.array(chainBreak),
    checked: z.strictObject({ chains: z.int(), blocks: z.int(), rows: z.int() }),
    chained_until: timestamp
      .nullable()
      .meta({ description: 'When the newest row was made that a block of the chains looked at holds.' }),
    anchored_until: timestamp.nullable().meta({
      description:
        'When the newest row was made that an anchor of the chains looked at covers; what is older can not be changed or taken away unseen.',
    }),
    archived_until: timestamp.nullable().meta({
      description: 'All rows of the stage that were made before this are archived as well. Null when none are yet.',
    }),
    rows_from: timestamp.nullable().meta({
      description:
        'The table holds the rows that were made from then on; older ones have expired from it, and are in the archive alone. Null where none have.',
    }),
    next_cursor: z.string().nullable().meta({ description: 'Null when everything has been looked at.' }),
  })
  .meta({
    id: 'AuditVerification',
    example: {
      intact: true,
      breaks: [],
      checked: { chains: 3, blocks: 41, rows: 1_204 },
      chained_until: '2026-01-31T09:30:00.000Z',
      anchored_until: '2026-01-31T09:15:00.000Z',
      archived_until: '2026-01-30T00:00:00.000Z',
      rows_from: null,
      next_cursor: null,
    },
  });
export type Verification = z.output<typeof verification>;

const word = z.string().min(1).max(200);

/** Which rows: of each list that is given one value. */
const rowFilters = {
  user_id: z.array(id).max(20).optional(),
  action: z.array(word).max(20).optional(),
  resource: z.array(word).max(20).optional(),
  resource_id: z.array(word).max(20).optional(),
  workspace_id: id.optional(),
  success: booleanParam.optional(),
  start_time: timeParam.optional(),
  end_time: timeParam.optional(),
};

export const exportFormats = ['csv', 'ndjson'] as const;
export type ExportFormat = (typeof exportFormats)[number];

export const auditExport = z
  .strictObject({
    id,
    status: z
      .enum(['pending', 'ready', 'failed'])
      .meta({ description: 'While it is pending, ask again for the same export.', example: 'ready' }),
    format: z.enum(exportFormats).meta({ example: 'csv' }),
    url: z
      .url()
      .nullable()
      .meta({ description: 'Whoever holds it may read the file until it ends. Null until it is ready.' }),
    expires_at: timestamp.nullable().meta({ description: 'When the link ends; ask again for another.' }),
    rows: z.int().nullable().meta({ description: 'How many rows the file holds. Null until it is ready.' }),
  })
  .meta({ id: 'AuditExport' });
export type AuditExport = z.output<typeof auditExport>;

export const auditRoutes = defineRoutes('audit-api', {
  'audit.list': route({
    method: 'GET',
    path: '/api/v1/audit-logs',
    summary: 'List audit rows, newest first',
    description:
      'With the permission audit:read: all rows, or those of one workspace. Without it `workspace_id` must be given and the caller must be its owner. ' +
      'A row appears about a second after its call. `total` is exact to 1,000; with `total_capped` there may be more than it says. A page may hold fewer ' +
      'rows than `limit`, even none, and still have a `next_cursor`. Rows are listed for as many days as the stage keeps them (400 unless set otherwise).',
    who: { kind: 'workspace', role: 'owner', at: 'query', orPermission: 'audit:read' },
    query: streamQuery({ sort: ['created_at'], defaultLimit: 50 }, rowFilters),
    answer: { status: 200, data: listOf('audit_logs', auditLog) },
    counted: 'caller',
    audit: { resource: 'audit_log', action: 'list' },
    tag,
  }),
  'audit.export': route({
    method: 'GET',
    path: '/api/v1/audit-logs/export',
    summary: 'Export audit rows as a file',
    description:
      'Takes the filters of the list, and the same rights. The file holds the rows made before the call, oldest first: as CSV (RFC 4180, UTF-8, a header line; a ' +
      "cell that a spreadsheet would take for a formula has `'` in front) or as NDJSON (a row a line). Up to 2,000 rows it is ready at once; else its status " +
      'is pending, and GET /audit-logs/exports/{id} tells when it is ready. A link lasts 15 minutes at most and opens the file to whoever holds it; the file is kept for 7 days.',
    who: { kind: 'workspace', role: 'owner', at: 'query', orPermission: 'audit:read' },
    query: z.strictObject({ format: z.enum(exportFormats).default('csv'), ...rowFilters }),
    answer: { status: 200, data: auditExport },
    counted: 'caller',
    audit: { resource: 'audit_log', action: 'export' },
    tag,
  }),
  'audit.read_export': route({
    method: 'GET',
    path: '/api/v1/audit-logs/exports/{id}',
    summary: 'Say whether an export is ready, with a new link',
    description: 'An export of one workspace is found with the same `workspace_id` as it was asked for.',
    who: { kind: 'workspace', role: 'owner', at: 'query', orPermission: 'audit:read' },
    params: idParams,
    query: z.strictObject({ workspace_id: id.optional() }),
    answer: { status: 200, data: auditExport },
    counted: 'caller',
    audit: { resource: 'audit_export', action: 'read' },
    tag,
  }),
  'audit.verify': route({
    method: 'GET',
    path: '/api/v1/audit-logs/verify',
    summary: 'Verify that no audit row was edited, deleted, reordered or cut off',
    description:
      'Looks at a bounded part of the chains a call: repeat with `next_cursor` until it is null. The ends of chains are anchored every 15 minutes where nobody ' +
      'can change them: a rewrite of rows, blocks and head that agrees with itself is found if it reaches behind `anchored_until`. Rows from before `rows_from` ' +
      'may be missing, since they were archived and have expired; any other that is missing counts as deleted.',
    who: { kind: 'workspace', role: 'owner', at: 'query', orPermission: 'audit:read' },
    query: z.strictObject({ workspace_id: id.optional(), cursor: z.string().max(1_024).optional() }),
    answer: { status: 200, data: verification },
    counted: 'caller',
    audit: { resource: 'audit_log', action: 'verify' },
    tag,
  }),
});
