import { invalid, unauthorized } from '../../../contracts/errors.ts';
import { countAddress } from '../auth/count-address.ts';
import { countCaller } from '../auth/count-caller.ts';
import type { ApiDependencies } from './dependencies.ts';
import type { Exchange } from './exchange.ts';

function readBearer({ event }: Exchange): string | undefined {
  const { authorization, 'x-api-key': apiKey } = event.headers;
  if (authorization !== undefined && apiKey !== undefined) {
    throw invalid([{ path: 'headers', message: 'send either Authorization or X-API-Key, not both' }]);
  }
  const match = /^Bearer +(\S+)$/i.exec(authorization ?? '');
  // No API key has been issued by this version; whoever sends one is nobody.
  if (authorization === undefined ? apiKey !== undefined : match === null) throw unauthorized();
  return match?.[1];
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
  if (route.who.kind === 'anyone') {
    exchange.allowance = await countAddress(table, address, 'anonymous', limits.anonymous, startedAt);
    return;
  }
  try {
    const token = readBearer(exchange);
    if (token === undefined) throw unauthorized();
    const counted = await countCaller(table, await dependencies.verifyToken(token), limits.user, startedAt);
    exchange.caller = counted.caller;
    exchange.allowance = counted.allowance;
    dependencies.logger.known(counted.caller);
  } catch (error) {
    // Whoever shows no good token is anonymous, and counted so: guessing has a limit, too.
    if (exchange.caller === undefined && isUnauthorized(error)) {
      exchange.allowance = await countAddress(table, address, 'anonymous', limits.anonymous, startedAt);
    }
    throw error;
  }
}

const isUnauthorized = (error: unknown) => (error as { code?: unknown }).code === 'UNAUTHORIZED';
