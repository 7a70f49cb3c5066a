import { invalid, unauthorized } from '../../../contracts/errors.ts';
import { countAddress } from '../auth/count-address.ts';
import { countApiKey } from '../auth/count-api-key.ts';
import { countCaller } from '../auth/count-caller.ts';
import { ExpiredToken } from '../auth/expired-token.ts';
import type { ApiDependencies } from './dependencies.ts';
import type { Exchange } from './exchange.ts';

type Counted = ReturnType<typeof countCaller>;

/** A token and a key at once: a validation error, since nobody can tell whose call it is. */
const isTwofold = ({ event: { headers } }: Exchange) =>
  headers['authorization'] !== undefined && headers['x-api-key'] !== undefined;

/** Authenticates by the one of the two headers that is present, and counts the call. */
async function countCredentials(exchange: Exchange, { table, limits, verifyToken }: ApiDependencies): Counted {
  const { authorization, 'x-api-key': apiKey } = exchange.event.headers;
  if (apiKey !== undefined) return countApiKey(table, apiKey, limits.api_key, exchange.startedAt);
  const token = /^Bearer +(\S+)$/i.exec(authorization ?? '')?.[1];
  if (token === undefined) throw unauthorized();
  return countCaller(table, await verifyToken(token), limits.user, exchange.startedAt);
}

/** Counts the call against its limit and, unless the route is anyone's, says who makes it. */
export async function authenticate(exchange: Exchange, dependencies: ApiDependencies): Promise<void> {
  const { route, startedAt, address } = exchange;
  const { table, limits } = dependencies;
  if (route.counted === 'no' && route.who.kind === 'anyone') return;
  if (route.counted === 'sign_in') {
    exchange.allowance = await countAddress(table, address, 'sign_in', limits.sign_in, startedAt);
    return;
  }
  const countAnonymous = async () => {
    exchange.allowance = await countAddress(table, address, 'anonymous', limits.anonymous, startedAt);
  };
  if (route.who.kind === 'anyone') return countAnonymous();
  if (isTwofold(exchange)) {
    await countAnonymous();
    throw invalid([{ path: 'headers', message: 'send either Authorization or X-API-Key, not both' }]);
  }
  try {
    const counted = await countCredentials(exchange, dependencies);
    exchange.caller = counted.caller;
    exchange.allowance = counted.allowance;
    dependencies.logger.known(counted.caller);
  } catch (error) {
    // Whoever shows no good token or key is anonymous, and counted so: guessing has a limit, too. A token that has expired is shown by clients that are about to
    // refresh it, and many share an address.
    const isGuess = isUnauthorized(error) && !(error instanceof ExpiredToken);
    if (exchange.caller === undefined && isGuess) await countAnonymous();
    throw error;
  }
}

const isUnauthorized = (error: unknown) => (error as { code?: unknown }).code === 'UNAUTHORIZED';
