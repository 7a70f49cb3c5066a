import { describe, expect, it } from 'vitest';
import { addressScope } from '../../../../functions/platform/auth/address.ts';
import { fc } from '../../../support/properties.ts';

const group = fc.integer({ min: 0, max: 0xffff }).map((value) => value.toString(16));

describe('the scope that limits are counted by', () => {
  it('is the whole of an IPv4 address', () => {
    expect(addressScope('203.0.113.7')).toBe('203.0.113.7');
    expect(addressScope('::ffff:203.0.113.7')).toBe('203.0.113.7');
  });

  it('is the /64 of an IPv6 address, however it is written', () => {
    expect(addressScope('2001:db8::1')).toBe('2001:db8:0:0::/64');
    expect(addressScope('2001:0DB8:0000:0000:ffff::9')).toBe('2001:db8:0:0::/64');
    expect(addressScope('::1')).toBe('0:0:0:0::/64');
    expect(addressScope('fe80::1%eth0')).toBe('fe80:0:0:0::/64');
  });

  it('is the same for every host of a /64', () => {
    const network = fc.tuple(group, group, group, group);
    const host = fc.tuple(group, group, group, group);
    fc.assert(
      fc.property(network, host, host, (net, a, b) => {
        expect(addressScope([...net, ...a].join(':'))).toBe(addressScope([...net, ...b].join(':')));
      }),
      { numRuns: 1_000 },
    );
  });

  it('is undefined for what is no address', () => {
    for (const text of ['', 'localhost', '1.2.3', '1.2.3.4, 5.6.7.8', '[::1]', '1.2.3.4:80', '2001:db8::1::2']) {
      expect(addressScope(text)).toBeUndefined();
    }
  });
});
