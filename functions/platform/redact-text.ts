export const mask = '[redacted]';

/** Words that make a name a secret's, in any spelling: `X-Api-Key`, `newPassword`, `client_secret`. */
const words =
  'password|passwd|passphrase|secret|token|authorization|api[-_]?key|access[-_]?key|private[-_]?key|cookie|signature';

/**
 * A secret's name with `:` or `=` after it: the rest of the line goes, since text that is no JSON does not say where a value
 * ends. (`secretsmanager:` is part of an ARN.) Repeats are bounded, so that no text takes quadratic time.
 */
const named = new RegExp(`((?:${words})(?!smanager)[\\w-]{0,64}[\\\\"']{0,8}\\s{0,8}[:=])[^\\r\\n]*`, 'gi');

/** What is a secret by its look, wherever it stands. */
const shapes = [
  // A private key or certificate, as lines or with its line breaks escaped; also when its end was cut off.
  /-----BEGIN [A-Z0-9 ]+-----[\s\S]*?(?:-----END [A-Z0-9 ]+-----|$)/g,
  // A JWT or JWE, or the beginning of one.
  /eyJ[\w-]{6,}(?:\.[\w-]*)*/g,
  // Our API keys, refresh tokens and other keys of ours.
  /\b(?:sk|rt)_[\w-]{6,}/g,
  // An AWS access key id, then what looks like a secret access key: 40 characters of base64 that are no hex digest.
  /\b(?:AKIA|ASIA|AROA|AIDA)[A-Z0-9]{8,}/g,
  /(?<![\w/+=-])(?=[a-z\d/+]*[A-Z])(?=[A-Z\d/+]*[a-z])[A-Za-z\d/+]{40}(?![\w/+=-])/g,
  /\bBearer\s+[\w.~+/=-]{6,}/gi,
  /\bBasic\s+[\w+/=]{16,}/gi,
  // user:password@ of a URL.
  /(?<=:\/\/)[^\s/@]+@/g,
];

/** The query of a URL: it is percent-encoded, which hides the look of what is in it. */
const query = /(https?:\/\/[^\s?"'\\]{1,500}\?)[^\s"'\\]+/gi;

/** Text without the secrets that it shows. */
export function redactText(text: string): string {
  let clean = text.replace(named, `$1 ${mask}`).replace(query, `$1${mask}`);
  for (const shape of shapes) clean = clean.replace(shape, mask);
  return clean;
}

const exact = new Set([
  'credentials',
  'userdata',
  'plaintext',
  'kubeconfig',
  'connectionstring',
  'pin',
  'otp',
  'totp',
  'mfacode',
  // Not a secret, but of nobody's concern: addresses that a user has left.
  'previousemails',
]);
const containing = new RegExp(words.replaceAll('[-_]?', ''), 'i');

/** What a `code` should be, as in `NOT_FOUND` and `ECONNRESET`; an OAuth or confirmation code is not. */
const constant = /^[A-Z][A-Z0-9_]{2,60}$/;

/** Whether the value under this name is hidden whatever it is; `path` are the names above it. */
export function isSecretName(name: string, value: unknown, path: readonly string[]): boolean {
  const plain = name.replace(/[^a-z0-9]/gi, '').toLowerCase();
  if (plain === 'code') return value !== undefined && !(typeof value === 'string' && constant.test(value));
  if (plain === 'data') return path.some((above) => /credential/i.test(above));
  return exact.has(plain) || containing.test(plain);
}
