import { describe, expect, it } from 'vitest';
import { readChange } from '../../../../functions/platform/outbox/read-change.ts';
import { record } from './records.ts';

const vm = { type: 'vm', id: 'a', version: 3 };

describe('a record of the stream', () => {
  it('is a change with both images, its id and its time', () => {
    const given = record('MODIFY', { before: { ...vm, version: 2 }, after: vm });
    expect(readChange(given)).toEqual({
      type: 'vm',
      event: 'MODIFY',
      before: { pk: 'P', sk: 'S', ...vm, version: 2 },
      after: { pk: 'P', sk: 'S', ...vm },
      id: given.eventID,
      at: '2026-01-01T00:00:00.000Z',
    });
  });

  it('takes its type from what is left of a removed item', () => {
    expect(readChange(record('REMOVE', { before: vm }))).toMatchObject({ type: 'vm', event: 'REMOVE', before: vm });
    expect(readChange(record('REMOVE', { before: vm }))).not.toHaveProperty('after');
  });

  it('concerns nobody when the item has no type or has expired', () => {
    expect(readChange(record('INSERT', { after: { id: 'a' } }))).toBeUndefined();
    const expired = {
      ...record('REMOVE', { before: vm }),
      userIdentity: { type: 'Service', principalId: 'dynamodb.amazonaws.com' },
    };
    expect(readChange(expired)).toBeUndefined();
  });

  it('concerns nobody when an import put the item, again, over another, or took its mark off', () => {
    const [first, second] = [
      { ...vm, imported: '2026-01-01T00:00:00.000Z' },
      { ...vm, version: 4, imported: '2026-01-01T00:10:00.000Z' },
    ];
    for (const given of [
      record('INSERT', { after: first }),
      record('MODIFY', { before: { ...vm, version: 2 }, after: first }),
      record('MODIFY', { before: first, after: second }),
      record('MODIFY', { before: second, after: { ...vm, version: 4 } }),
    ])
      expect(readChange(given)).toBeUndefined();
  });

  it('is one when somebody changes or removes an item that an import has marked still', () => {
    const marked = { ...vm, imported: '2026-01-01T00:00:00.000Z' };
    for (const given of [
      record('MODIFY', { before: marked, after: { ...marked, version: 4 } }),
      record('MODIFY', { before: marked, after: { ...vm, version: 4 } }),
      record('REMOVE', { before: marked }),
    ])
      expect(readChange(given)).toMatchObject({ type: 'vm', id: given.eventID });
  });

  it('concerns nobody when the table is wiped', () => {
    expect(readChange(record('MODIFY', { before: vm, after: { ...vm, wiped: true } }))).toBeUndefined();
    expect(readChange(record('REMOVE', { before: { ...vm, wiped: true } }))).toBeUndefined();
  });

  it('is refused without id, name or images', () => {
    expect(() => readChange({})).toThrow('cannot read a change');
  });
});
