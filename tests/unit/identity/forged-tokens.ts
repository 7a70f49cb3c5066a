import { createHmac } from 'node:crypto';
import type { Claims, TokenIssuer } from './token-issuer.ts';
import { seconds } from './token-issuer.ts';

const encode = (value: unknown) =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');

/** Tokens by what is wrong with them; each is otherwise one of this user and session. `good` is the one that all are made from. */
export function forgeTokens(issuer: TokenIssuer, userId: string, sessionId: string): Record<string, string> {
  const claims = (changes: Claims = {}) => issuer.claimsOf(userId, sessionId, changes);
  const without = (name: string) => Object.fromEntries(Object.entries(claims()).filter(([key]) => key !== name));
  const good = issuer.sign(claims());
  const [header = '', payload = '', signature = ''] = good.split('.');
  const unsigned = (alg: string, tail = '') => `${encode({ kid: 'own', alg })}.${payload}.${tail}`;
  const hmac = (secret: string) => {
    const text = `${encode({ kid: 'own', alg: 'HS256' })}.${payload}`;
    return `${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`;
  };
  const pem = issuer.publicKey.export({ type: 'spki', format: 'pem' }).toString();
  const jwk = issuer.foreignKey.export({ format: 'jwk' });
  const flip = (text: string, at: number) => `${text.slice(0, at)}${text[at] === 'A' ? 'B' : 'A'}${text.slice(at + 1)}`;
  const region = issuer.issuer.replace('eu-west-1.amazonaws', 'us-east-1.amazonaws');

  return {
    good,
    // What a verifier may be talked into.
    'alg none': unsigned('none'),
    'alg None': unsigned('None'),
    'alg nOnE with the signature': unsigned('nOnE', signature),
    'alg missing': `${encode({ kid: 'own' })}.${payload}.${signature}`,
    'alg HS256 by the public key': hmac(pem),
    'alg HS256 by the modulus': hmac(String(issuer.publicKey.export({ format: 'jwk' }).n)),
    'alg RS512 claimed': `${encode({ kid: 'own', alg: 'RS512' })}.${payload}.${signature}`,
    'alg PS256 claimed': `${encode({ kid: 'own', alg: 'PS256' })}.${payload}.${signature}`,
    'alg ES256 claimed': issuer.sign(claims(), { alg: 'ES256' }),
    'kid of the pool, key of another': issuer.sign(claims(), {}, 'foreign'),
    'kid of another': issuer.sign(claims(), { kid: 'foreign' }, 'foreign'),
    'kid unknown': issuer.sign(claims(), { kid: 'unknown' }),
    'kid missing': issuer.sign(claims(), { kid: undefined }),
    'kid a path': issuer.sign(claims(), { kid: '../../dev/null' }, 'foreign'),
    'kid a number': issuer.sign(claims(), { kid: 1 }),
    'key brought along': issuer.sign(claims(), { jwk }, 'foreign'),
    'key address brought along': issuer.sign(
      claims(),
      { jku: 'https://attacker.example/jwks.json', kid: 'evil' },
      'foreign',
    ),
    // What was changed after signing.
    'signature changed': `${header}.${payload}.${flip(signature, 10)}`,
    'signature cut': `${header}.${payload}.${signature.slice(0, -8)}`,
    'signature empty': `${header}.${payload}.`,
    'signature of another token': `${header}.${payload}.${issuer.sign(claims({ jti: 'other' })).split('.')[2]}`,
    'payload changed': `${header}.${encode(claims({ username: 'another' }))}.${signature}`,
    'header changed': `${encode({ kid: 'own', alg: 'RS256', typ: 'JWT' })}.${payload}.${signature}`,
    // What is signed, but for something else.
    'iss of another pool': issuer.sign(claims({ iss: `${issuer.issuer}x` })),
    'iss of another region': issuer.sign(claims({ iss: region })),
    'iss by http': issuer.sign(claims({ iss: issuer.issuer.replace('https', 'http') })),
    'iss with a slash more': issuer.sign(claims({ iss: `${issuer.issuer}/` })),
    'iss of an attacker': issuer.sign(claims({ iss: 'https://attacker.example/eu-west-1_TestPool1' })),
    'iss missing': issuer.sign(without('iss')),
    'client_id of another client': issuer.sign(claims({ client_id: 'otherclient' })),
    'client_id missing': issuer.sign(without('client_id')),
    'client_id a list': issuer.sign(claims({ client_id: [issuer.pool.clientId, 'other'] })),
    'aud instead of client_id': issuer.sign({ ...without('client_id'), aud: issuer.pool.clientId }),
    'token_use id': issuer.sign(claims({ token_use: 'id', aud: issuer.pool.clientId })),
    'token_use refresh': issuer.sign(claims({ token_use: 'refresh' })),
    'token_use missing': issuer.sign(without('token_use')),
    // What is not now.
    'exp a second ago': issuer.sign(claims({ exp: seconds() - 1 })),
    'exp a year ago': issuer.sign(claims({ exp: seconds() - 31_536_000 })),
    'exp zero': issuer.sign(claims({ exp: 0 })),
    'exp text': issuer.sign(claims({ exp: '9999999999' })),
    'nbf in a minute': issuer.sign(claims({ nbf: seconds() + 60 })),
    // Whom it does not name.
    'origin_jti missing': issuer.sign(without('origin_jti')),
    'origin_jti a number': issuer.sign(claims({ origin_jti: 1 })),
    'origin_jti empty': issuer.sign(claims({ origin_jti: '' })),
    'origin_jti unknown': issuer.sign(claims({ origin_jti: '01926f3c-7b4e-7d10-9c3a-5b1f0e2d4c6a' })),
    'origin_jti a property of objects': issuer.sign(claims({ origin_jti: 'constructor' })),
    'username missing': issuer.sign(without('username')),
    'username empty': issuer.sign(claims({ username: '' })),
    'username a number': issuer.sign(claims({ username: 7 })),
    'username unknown': issuer.sign(claims({ username: '01926f3c-7b4e-7d10-9c3a-5b1f0e2d4c6a' })),
    'uid unknown': issuer.sign(claims({ uid: '01926f3c-7b4e-7d10-9c3a-5b1f0e2d4c6a' })),
    // What no token is.
    'payload a list': issuer.sign([]),
    'payload null': issuer.sign(null),
    'payload no JSON': `${header}.${encode('{"sub":')}.${signature}`,
    'header no JSON': `${encode('alg=none')}.${payload}.${signature}`,
    'two parts': `${header}.${payload}`,
    'four parts': `${good}.${signature}`,
    'five parts, as a JWE': `${good}.${signature}.${signature}`,
    garbage: 'nonsense',
    dots: '..',
    'very long': 'a'.repeat(7_000),
  };
}
