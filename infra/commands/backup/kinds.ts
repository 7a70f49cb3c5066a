import type { Attributes } from './item.ts';

const pkOf = ({ pk }: Attributes) => pk?.S ?? '';

const beginsWith = (prefixes: readonly string[]) => (item: Attributes) =>
  prefixes.some((prefix) => pkOf(item).startsWith(prefix));

const isPassing = beginsWith(['CONNECTION#', 'PRESENCE#', 'AUDITARCHIVE']);

/**
 * What a backup holds: all but what is of one moment alone and means nothing in another stage, sockets and who holds them, and how far the archive of audit
 * rows has come in the stage's own bucket, where it finds that again.
 */
export const isKept = (item: Attributes): boolean => !isPassing(item);

/** Rows, their chains and their index. They are only ever added to, so a stage that goes back may keep its own. */
export const isAudit = beginsWith(['AUDIT#', 'AUDITCHAIN#', 'AUDITINDEX#']);

/** The first hour that may hold timers. A minute after a stage was deployed its clock has made one. */
export const watermarkKey: Attributes = { pk: { S: 'TIMER' }, sk: { S: 'WATERMARK' } };
export const isWatermark = ({ pk, sk }: Attributes): boolean => pk?.S === 'TIMER' && sk?.S === 'WATERMARK';

const isCallCount = beginsWith(['ADDRESS#']);

/** What comes into a table by itself, of clocks and of whoever calls the address: no reason to take it for one in use. */
export const isByItself = (item: Attributes): boolean => isPassing(item) || isWatermark(item) || isCallCount(item);

/** Calls are allowed by these. */
export const isPrincipal = beginsWith(['PRINCIPAL#']);

/** Who the admins are: while nobody is, the first to register may become one. */
export const isSystem = ({ pk }: Attributes): boolean => pk?.S === 'SYSTEM';

/** How many there are of each thing, and of VMs in each state. */
export const isCounts = (item: Attributes): boolean => isSystem(item) && item['sk']?.S === 'COUNTS';

export const isHead = (item: Attributes): boolean =>
  pkOf(item).startsWith('AUDITCHAIN#') && item['sk']?.S?.startsWith('HEAD#') === true;
export const isAuditRow = beginsWith(['AUDIT#']);

/** The hour of a timer, `2026-02-01T13`; undefined for anything else. */
export const timerHourOf = (item: Attributes): string | undefined =>
  pkOf(item).startsWith('TIMER#') ? pkOf(item).slice('TIMER#'.length) : undefined;
