import { describe, expect, it } from 'vitest';
import { auditLog } from '../../../contracts/audit/routes.ts';
import { auditChanged } from '../../../functions/audit/index.ts';
import type { Change } from '../../../functions/platform/outbox/effect.ts';
import { rowItem, sampleRow } from './sample-rows.ts';

const changeOf = (fields: object, more: Partial<Change> = {}): Change => ({
  type: 'audit',
  event: 'INSERT',
  id: 'event-1',
  at: '2026-01-31T09:30:00.000Z',
  after: { ...rowItem(sampleRow()), ...fields },
  ...more,
});

describe('a new audit row', () => {
  it('is told to admins when something was written or refused, with its public fields alone', () => {
    for (const fields of [{ write: true }, { success: false }, { write: true, success: false }]) {
      const [effect, ...others] = auditChanged(changeOf(fields));
      expect(others).toEqual([]);
      expect(effect).toMatchObject({ publish: { type: 'audit_log_created', audience: 'admins' } });
      const data = effect !== undefined && 'publish' in effect ? effect.publish.data : undefined;
      expect(auditLog.safeParse(data)).toMatchObject({ success: true });
    }
  });

  it('is not told when something was read, or when it was changed or removed', () => {
    expect(auditChanged(changeOf({ write: false }))).toEqual([]);
    expect(auditChanged(changeOf({ write: true }, { event: 'MODIFY' }))).toEqual([]);
    expect(auditChanged(changeOf({ write: true }, { event: 'REMOVE', after: undefined } as never))).toEqual([]);
  });

  it('fails where it lacks fields, so that its record is kept', () => {
    expect(() => auditChanged(changeOf({ user_id: undefined }))).toThrow('cannot tell of an audit row');
  });
});
