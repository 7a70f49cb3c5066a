import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { readViewerAddress } from '../../../../functions/platform/api/from-edge.ts';
import { eventOf } from './exchange.ts';

const hash = (text: string) => createHash('sha256').update(text).digest('hex');
const hashes = [hash('new secret'), hash('old secret')];
const read = (headers: Record<string, string>) => readViewerAddress(eventOf({ headers }), hashes);

describe('a request', () => {
  it('from our edge has the address that the edge attests', () => {
    expect(read({ 'x-origin-verify': 'new secret', 'x-viewer-address': '203.0.113.7' })).toBe('203.0.113.7');
  });

  it('is good under both secrets while one is rotated', () => {
    expect(read({ 'x-origin-verify': 'old secret', 'x-viewer-address': '2001:db8::1' })).toBe('2001:db8:0:0::/64');
  });

  it('past the edge is refused, whatever it claims', () => {
    const attempts: Record<string, string>[] = [
      {},
      { 'x-viewer-address': '203.0.113.7' },
      { 'x-viewer-address': '203.0.113.7', 'x-origin-verify': '' },
      { 'x-viewer-address': '203.0.113.7', 'x-origin-verify': hash('new secret') },
      { 'x-origin-verify': 'new secret' },
      { 'x-origin-verify': 'new secret', 'x-viewer-address': '203.0.113.7, 10.0.0.1' },
    ];
    for (const headers of attempts) expect(() => read(headers)).toThrow('auth.forbidden');
  });
});
