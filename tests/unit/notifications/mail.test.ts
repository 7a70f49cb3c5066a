import { describe, expect, it } from 'vitest';
import { codeMail, escapeHtml, notificationMail } from '../../../functions/notifications/domain/mail.ts';
import { wordText } from '../../../functions/notifications/domain/word-text.ts';
import { fc } from '../../support/properties.ts';

const site = 'https://sky.example';
const mailOf = (vm: string, link: string | null = '/vms/1') =>
  notificationMail(wordText('vm_running', { vm }, 'en'), 'en', link, site);

describe('the mail of a notification', () => {
  it('says what the notification says, in its language, plain and as HTML', () => {
    const mail = notificationMail(wordText('vm_running', { vm: 'web-1' }, 'ko'), 'ko', '/vms/1', site);
    expect(mail.subject).toBe('VM web-1 실행 중');
    expect(mail.text).toContain('VM web-1 실행이 시작되었습니다');
    expect(mail.text).toContain('https://sky.example/vms/1');
    expect(mail.html).toContain('<html lang="ko">');
    expect(mail.html).toContain('<a href="https://sky.example/vms/1">');
  });

  it('has one line of subject, of at most 150 characters, whatever things are called', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (name) => {
        const { subject } = mailOf(name);
        expect(subject).not.toMatch(/[\p{Cc}\u2028\u2029]/u);
        expect([...subject].length).toBeLessThanOrEqual(150);
      }),
      { numRuns: 1_000 },
    );
    expect(mailOf('x\r\nBcc: all@example.com').subject).toBe('VM x Bcc: all@example.com is running');
  });

  it('holds no markup of what things are called', () => {
    const { html } = mailOf('<script>alert("1")</script>&amp;');
    expect(html).not.toContain('<script>');
    expect(html).toContain('&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;&amp;amp;');
    fc.assert(
      fc.property(fc.string(), (text) => !/[<>"']/.test(escapeHtml(text))),
      { numRuns: 1_000 },
    );
  });

  it.each(['https://evil.example/', '//evil.example/', 'javascript:alert(1)'])('links to no %s', (link) => {
    expect(mailOf('web-1', link).html).not.toContain('<a ');
  });

  it('has no link where the stage has no domain', () => {
    const mail = notificationMail(wordText('vm_running', { vm: 'web-1' }, 'en'), 'en', '/vms/1', '');
    expect(mail.html).not.toContain('<a ');
    expect(mail.text).not.toContain('/vms/1');
  });
});

describe('the mail of a code', () => {
  const code = '9K3D-7QWX-A2MT';
  const minted = { code, name: 'Minji', expiresAt: '2026-01-31T09:30:00.000Z' };

  it.each(['verify_email', 'reset_password', 'invite'] as const)(
    'for %s shows it in both languages, and until when',
    (purpose) => {
      for (const language of ['en', 'ko'] as const) {
        const { subject, text, html } = codeMail({ ...minted, purpose, language });
        expect(subject).not.toContain(code);
        for (const body of [text, html]) {
          expect(body).toContain(code);
          expect(body).toContain('2026-01-31 09:30 UTC');
          expect(body).toContain('Minji');
          // What it is for ends with a colon: the code comes next.
          expect(body).toMatch(/:(\s|<[^>]+>)+9K3D-7QWX-A2MT/);
        }
      }
    },
  );
});
