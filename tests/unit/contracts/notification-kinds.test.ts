import { describe, expect, it } from 'vitest';
import { notificationKinds } from '../../../contracts/notifications/kinds.ts';

const kinds = Object.entries(notificationKinds);
const placesOf = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).sort();

describe('every kind of notification', () => {
  it.each(kinds)('%s is worded in English and in Korean, with the same places to fill', (_, { en, ko }) => {
    for (const part of ['title', 'message'] as const) {
      expect(new Set(placesOf(ko[part]))).toEqual(new Set(placesOf(en[part])));
      expect(en[part]).toMatch(/^[\x20-\x7e’…–]+$/);
      expect(ko[part]).toMatch(/[가-힣]/);
      expect(en[part]).not.toMatch(/\.$/);
      expect(ko[part]).not.toMatch(/\.$/);
    }
  });

  it.each(kinds)('%s looks names up for places that it has', (_, kind) => {
    const places = [...placesOf(kind.en.title), ...placesOf(kind.en.message)];
    for (const place of Object.keys('names' in kind ? kind.names : {})) expect(places).toContain(place);
  });
});
