import { describe, expect, it } from 'vitest';
import type * as z from 'zod';
import { identityRoutes } from '../../../contracts/identity/routes.ts';
import { newPassword, profileImage } from '../../../contracts/identity/user.ts';
import { fc } from '../../support/properties.ts';

const takes = (schema: z.ZodType, value: unknown) => schema.safeParse(value).success;
const registration = identityRoutes['auth.register'].body as z.ZodType;
const base = { email: 'minji@example.com', password: 'correct horse 1' };

describe('a new password', () => {
  it('has 8 to 100 characters with a letter and a digit', () => {
    for (const good of ['abcdefg1', '가나다라마바사1', 'a 2 b 3 c 4', `1${'a'.repeat(99)}`, 'ABC-1234'])
      expect(takes(newPassword, good), good).toBe(true);
    for (const bad of ['abcdef1', 'abcdefgh', '12345678', '--------', `1${'a'.repeat(100)}`, '', 'abcdefg١']) {
      expect(takes(newPassword, bad), bad).toBe(false);
    }
  });

  it('neither begins nor ends with a space, which Cognito would not take', () => {
    for (const bad of [' abcdefg1', 'abcdefg1 ', '\tabcdefg1', 'abcdefg1\n'])
      expect(takes(newPassword, bad), JSON.stringify(bad)).toBe(false);
  });

  it('is taken by these rules and no others', () => {
    const characters = fc.constantFrom('a', 'Z', '가', '1', '9', ' ', '-', '\n', '😀');
    fc.assert(
      fc.property(fc.string({ unit: characters, minLength: 5, maxLength: 12 }), (text) => {
        const fits = [...text].length >= 8 && /[aZ가]/.test(text) && /[19]/.test(text) && text.trim() === text;
        expect(takes(newPassword, text)).toBe(fits);
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('a registration', () => {
  it('names the person by username, by name, or by both', () => {
    expect(takes(registration, { ...base, username: 'minji' })).toBe(true);
    expect(takes(registration, { ...base, name: 'minji' })).toBe(true);
    expect(takes(registration, { ...base, username: 'minji', name: '김 민지' })).toBe(true);
    expect(registration.safeParse(base).error?.issues.map(({ path }) => path.join('.'))).toEqual(['username']);
  });

  it('takes names of 2 to 50 characters of any script, spaces inside', () => {
    for (const username of ['김민', 'Jean-Luc Picard', 'Łukasz', 'محمد علي', 'a'.repeat(50), '  ab  ']) {
      expect(takes(registration, { ...base, username }), username).toBe(true);
    }
    for (const username of ['a', ' a ', 'a'.repeat(51), 'a\nb', 'a\u0000b', '']) {
      expect(takes(registration, { ...base, username }), JSON.stringify(username)).toBe(false);
    }
  });

  it('takes ASCII addresses of at most 254 characters', () => {
    expect(takes(registration, { ...base, username: 'minji', email: 'Min.Ji+tag@sub.example.co.kr' })).toBe(true);
    for (const email of [
      'minji',
      'minji@',
      '@example.com',
      'min ji@example.com',
      'minji@exämple.com',
      `${'a'.repeat(250)}@example.com`,
    ]) {
      expect(takes(registration, { ...base, username: 'minji', email }), email).toBe(false);
    }
  });

  it('refuses what it does not know, a role above all', () => {
    for (const extra of [{ role: 'admin' }, { is_active: true }, { id: 'mine' }]) {
      expect(takes(registration, { ...base, username: 'minji', ...extra })).toBe(false);
    }
  });
});

describe('a profile image', () => {
  it('is an https address of at most 255 characters, or null', () => {
    expect(profileImage.parse('https://example.com/a.png')).toBe('https://example.com/a.png');
    expect(profileImage.parse(null)).toBeNull();
    for (const bad of [
      'http://example.com/a.png',
      'javascript:alert(1)',
      'data:image/png;base64,aa',
      'a.png',
      `https://example.com/${'a'.repeat(240)}`,
    ]) {
      expect(takes(profileImage, bad), bad).toBe(false);
    }
  });

  it('is kept in ASCII, by whose length it is judged', () => {
    expect(profileImage.parse('https://예시.kr/사진.png')).toMatch(/^https:\/\/xn--[\x21-\x7e]+$/);
    expect(takes(profileImage, `https://example.com/${'사'.repeat(30)}`)).toBe(false);
  });
});
