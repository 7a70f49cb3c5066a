import type { CodePurpose } from '../../../contracts/internal-events.ts';
import type { Language } from '../../../contracts/messages.ts';
import type { Worded } from './word-text.ts';

export interface Mail {
  subject: string;
  text: string;
  html: string;
}

const mostOfSubject = 150;

/** One line: what people named their things never ends a header. */
const oneLine = (text: string): string => text.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ').trim();

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
export const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (character) => escapes[character] ?? '');

interface Content {
  language: Language;
  subject: string;
  paragraphs: string[];
  /** Shown large, to be typed; and below it until when. */
  code?: { text: string; until: string };
  link?: { href: string; label: string } | undefined;
  footer: string;
}

/** Simple on purpose: no image, no style sheet, nothing that is loaded, nothing that tells whether it was read. */
function layOut({ language, subject, paragraphs, code, link, footer }: Content): Mail {
  const lines = [
    ...paragraphs,
    ...(code === undefined ? [] : [code.text, code.until]),
    ...(link === undefined ? [] : [link.href]),
  ];
  const html = [
    ...paragraphs.map((paragraph) => `<p>${escapeHtml(paragraph)}</p>`),
    ...(code === undefined
      ? []
      : [`<p style="font-size:24px"><b>${escapeHtml(code.text)}</b></p>`, `<p>${escapeHtml(code.until)}</p>`]),
    ...(link === undefined ? [] : [`<p><a href="${escapeHtml(link.href)}">${escapeHtml(link.label)}</a></p>`]),
    `<p style="color:#666">${escapeHtml(footer)}</p>`,
  ];
  return {
    subject: [...oneLine(subject)].slice(0, mostOfSubject).join(''),
    text: `${[...lines, '--', footer].join('\n\n')}\n`,
    html: `<!doctype html><html lang="${language}"><body>${html.join('')}</body></html>`,
  };
}

const words = {
  en: {
    open: 'Open in SkyClust',
    whyNotice: 'SkyClust tells you this because of the notification preferences of your account.',
    whyCode: 'If you did not ask for this, ignore it: without the code nothing happens.',
    verify_email: {
      subject: 'Your code to verify your e-mail address',
      lead: 'Type this code to verify your e-mail address:',
    },
    reset_password: { subject: 'Your code to reset your password', lead: 'Type this code to set a new password:' },
    invite: {
      subject: 'You are invited to SkyClust',
      lead: 'An account was made for you. Type this code to choose its password:',
    },
    hello: (name: string) => `Hello ${name},`,
    until: (at: string) => `It is good until ${at}, once.`,
  },
  ko: {
    open: 'SkyClust에서 열기',
    whyNotice: '계정의 알림 설정에 따라 보내는 메일입니다.',
    whyCode: '요청하신 적이 없다면 이 메일을 무시하세요. 코드가 없으면 아무 일도 일어나지 않습니다.',
    verify_email: { subject: '이메일 주소 확인 코드', lead: '아래 코드를 입력하여 이메일 주소를 확인하세요:' },
    reset_password: { subject: '비밀번호 재설정 코드', lead: '아래 코드를 입력하여 새 비밀번호를 설정하세요:' },
    invite: { subject: 'SkyClust 초대', lead: '계정이 만들어졌습니다. 아래 코드를 입력하여 비밀번호를 설정하세요:' },
    hello: (name: string) => `${name} 님, 안녕하세요.`,
    until: (at: string) => `${at}까지 한 번만 사용할 수 있습니다.`,
  },
} as const satisfies Record<
  Language,
  Record<CodePurpose | 'open' | 'whyNotice' | 'whyCode' | 'hello' | 'until', unknown>
>;

/** `2026-01-31 09:30 UTC`. */
const timeText = (at: string) => at.replace(/^(.{10})T(.{5}).*$/, '$1 $2 UTC');

/** `siteUrl` is empty where the stage has no domain: then there is nothing to link to. */
export function notificationMail(worded: Worded, language: Language, link: string | null, siteUrl: string): Mail {
  const { open, whyNotice } = words[language];
  const isPath = link !== null && /^\/(?!\/)/.test(link);
  return layOut({
    language,
    subject: worded.title,
    paragraphs: [worded.title, worded.message],
    link: isPath && siteUrl !== '' ? { href: `${siteUrl}${link}`, label: open } : undefined,
    footer: whyNotice,
  });
}

interface CodeMail {
  purpose: CodePurpose;
  code: string;
  name: string;
  language: Language;
  expiresAt: string;
}

export function codeMail({ purpose, code, name, language, expiresAt }: CodeMail): Mail {
  const { whyCode, hello, until, [purpose]: said } = words[language];
  return layOut({
    language,
    subject: said.subject,
    paragraphs: [hello(oneLine(name)), said.lead],
    code: { text: code, until: until(timeText(expiresAt)) },
    footer: whyCode,
  });
}
