import { expect, it } from 'vitest';
import { findPort } from '../../support/ports.ts';

it('programs that start at once get each a port of its own', async () => {
  const ports = await Promise.all(Array.from({ length: 20 }, findPort));
  expect(new Set(ports).size).toBe(20);
});
