import { randomBytes, randomInt } from 'node:crypto';

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
const random = (length: number, from = alphabet) => Array.from({ length }, () => from[randomInt(from.length)]).join('');

/** What must not be found, and what each is. Each is its own: a hit names the flow that it got out of. */
export interface Secrets {
  readonly known: ReadonlyMap<string, string>;
  /** A password that registration takes. */
  password(what: string): string;
  /** Key and secret of an AWS user, in the form of AWS's own. */
  awsKey(what: string): { access_key: string; secret_key: string; region: string };
  /** A private key in PEM, in the form of Google's own. */
  pem(what: string): string;
  /** The secret of an app of Azure's. */
  clientSecret(what: string): string;
  /** A text of letters and digits that stands where no secret belongs. */
  text(what: string): string;
  /** Remembers a code that was mailed, with its dashes and without. */
  code(what: string, code: string): string;
  /** Remembers the secret parts of tokens; ids and claims in them are no secrets. */
  token(what: string, token: string): string;
  refreshToken(what: string, token: string): string;
}

export function createSecrets(): Secrets {
  const known = new Map<string, string>();
  const remember = (what: string, secret: string) => {
    known.set(secret, what);
    return secret;
  };
  return {
    known,
    password: (what) => remember(`password: ${what}`, `Pw1${random(29)}`),
    awsKey: (what) => ({
      access_key: remember(`access key: ${what}`, `AKIA${random(16, alphabet.replace(/[a-z]/g, ''))}`),
      secret_key: remember(`secret key: ${what}`, randomBytes(30).toString('base64')),
      region: 'eu-west-1',
    }),
    pem: (what) => {
      const lines = Array.from({ length: 4 }, () =>
        remember(`private key: ${what}`, randomBytes(48).toString('base64')),
      );
      return `-----BEGIN PRIVATE KEY-----\n${lines.join('\n')}\n-----END PRIVATE KEY-----\n`;
    },
    clientSecret: (what) => remember(`client secret: ${what}`, `Cs8Q~${random(35)}`),
    text: (what) => remember(`text: ${what}`, `Tx1${random(29)}`),
    code: (what, code) => {
      remember(`code: ${what}`, code);
      known.set(code.replaceAll('-', ''), `code without dashes: ${what}`);
      return code;
    },
    token: (what, token) => {
      remember(`token: ${what}`, token.slice(token.lastIndexOf('.') + 1));
      return token;
    },
    // rt_<user>.<session>.<secret>.<Cognito's own>
    refreshToken: (what, token) => {
      const [, , secret = '', ...cognito] = token.split('.');
      remember(`refresh token: ${what}`, secret);
      known.set(cognito.at(-1) ?? '', `refresh token of Cognito: ${what}`);
      return token;
    },
  };
}
