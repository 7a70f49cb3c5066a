import { conflict, unauthorized } from '../../../contracts/errors.ts';
import { takesIfMatch } from '../../../contracts/route.ts';
import { roleReaches, type WorkspaceRole } from '../../../contracts/shared/permissions.ts';
import type { Write } from '../table/types.ts';
import { auditRow, resourceIdOf } from './audit-row.ts';
import { assertEntered, enterWorkspace } from './authorise.ts';
import type { Answer, Call } from './call.ts';
import type { ApiDependencies } from './dependencies.ts';
import { statusOf } from './envelope.ts';
import type { Exchange } from './exchange.ts';
import { answeredBefore, idempotencyClaim, idempotencyRecord, Replay, readIdempotencyKey } from './idempotency.ts';
import { readIfMatch } from './input.ts';

/** The request as its use case sees it. */
export function newCall(exchange: Exchange, dependencies: ApiDependencies): Call {
  const { table, newId, logger } = dependencies;
  const ifMatch = takesIfMatch(exchange.route) ? readIfMatch(exchange.event) : undefined;
  const key = readIdempotencyKey(exchange);
  let isClaimed = false;
  const callerOf = () => {
    if (exchange.caller === undefined) throw unauthorized();
    return exchange.caller;
  };

  async function commit<Data>(writes: readonly Write[], answer: Answer<Data>): Promise<Answer<Data>> {
    assertEntered(exchange);
    exchange.answer = answer;
    const row = auditRow(exchange, {
      id: newId(),
      at: exchange.startedAt,
      success: true,
      status: statusOf(exchange.route, answer),
      resourceId: resourceIdOf(exchange),
    });
    const record = key === undefined ? [] : [idempotencyRecord(key, exchange, callerOf().userId, answer, isClaimed)];
    try {
      await table.transact([...writes, ...(row === undefined ? [] : [{ put: row }]), ...record]);
      exchange.audited = true;
      return answer;
    } catch (error) {
      exchange.answer = undefined;
      // The use case authorised this call anew before it came here.
      if (error instanceof Replay) return error.answer as Answer<Data>;
      throw error;
    }
  }

  async function answeredOr<Data>(refusal: unknown): Promise<Answer<Data>> {
    assertEntered(exchange);
    const answer = key === undefined ? undefined : await answeredBefore(table, key, exchange, callerOf().userId);
    if (answer === undefined) throw refusal;
    return answer as Answer<Data>;
  }

  async function claimed<Data>(work: () => Promise<Answer<Data>>): Promise<Answer<Data>> {
    assertEntered(exchange);
    if (key === undefined) return work();
    const { take, giveUp } = idempotencyClaim(key, exchange, callerOf().userId);
    try {
      await table.write(take);
    } catch (error) {
      if (error instanceof Replay) return error.answer as Answer<Data>;
      throw error;
    }
    isClaimed = true;
    try {
      return await work();
    } catch (error) {
      // One that has become a record, or another's, stays.
      await table.write(giveUp).catch((failure: unknown) => logger.error('cannot give up an idempotency key', failure));
      throw error;
    }
  }

  return {
    requestId: exchange.requestId,
    now: exchange.startedAt,
    language: exchange.language,
    address: exchange.address,
    userAgent: exchange.userAgent,
    form: exchange.form,
    ifMatch,
    get caller() {
      return callerOf();
    },
    newId,
    commit,
    answeredOr,
    claimed,
    enter: (workspaceId: string, required?: WorkspaceRole) =>
      enterWorkspace(exchange, callerOf(), workspaceId, required),
    workspaces: (role: WorkspaceRole = 'viewer') =>
      Object.entries(callerOf().memberships).flatMap(([id, held]) => (roleReaches(held, role) ? [id] : [])),
    identify: (userId: string) => {
      exchange.identified = userId;
    },
    expectVersion: (current: number) => {
      if (ifMatch !== undefined && ifMatch !== current) throw conflict('version.stale', { data: { version: current } });
    },
  };
}
