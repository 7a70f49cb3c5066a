import { key } from '../table/key.ts';
import type { Item } from '../table/types.ts';
import { auditPartition } from './audit-partition.ts';
import type { Exchange } from './exchange.ts';

export interface Outcome {
  id: string;
  at: Date;
  success: boolean;
  status: number;
  resourceId?: string | undefined;
}

const maxUserAgent = 200;

/**
 * The row that a call leaves. It lies in its workspace's partition of the month, else in its user's; no index, so that it costs 1 WCU. Rows are
 * chained by the consumer of the stream.
 */
export function auditRow(exchange: Exchange, outcome: Outcome): Item | undefined {
  const { route } = exchange;
  const userId = exchange.caller?.userId ?? exchange.identified ?? exchange.answer?.userId;
  // Of nobody known there is a log line only.
  if (route.audit === false || userId === undefined) return undefined;
  const workspaceId = exchange.entered?.workspaceId ?? exchange.answer?.workspaceId ?? memberOf(exchange);
  const createdAt = outcome.at.toISOString();
  return {
    pk: auditPartition(workspaceId ?? userId, createdAt.slice(0, 7)),
    sk: key(createdAt, outcome.id),
    type: 'audit',
    id: outcome.id,
    user_id: userId,
    key_id: exchange.caller?.keyId,
    action: route.audit.action,
    resource: route.audit.resource,
    resource_id: outcome.resourceId,
    workspace_id: workspaceId,
    success: outcome.success,
    status: outcome.status,
    ip_address: exchange.address,
    user_agent: exchange.userAgent.slice(0, maxUserAgent),
    request_id: exchange.requestId,
    created_at: createdAt,
    write: route.method !== 'GET',
  };
}

interface PathIds {
  id?: string;
  userID?: string;
}

/** The workspace that the path names, to its members: their refusals stand in its log, also those that come before it is entered. */
function memberOf({ route, caller, input }: Exchange): string | undefined {
  const { id = '' } = (input.params ?? {}) as PathIds;
  const isNamed = route.path.startsWith('/api/v1/workspaces/{id}');
  return isNamed && caller !== undefined && Object.hasOwn(caller.memberships, id) ? id : undefined;
}

/** What the row names: what the use case says, else the thing answered, else the id in the path, where a member is `userID` and `id` its workspace. */
export function resourceIdOf(exchange: Exchange): string | undefined {
  const data = exchange.answer?.data as { id?: unknown } | undefined;
  if (exchange.answer?.resourceId !== undefined) return exchange.answer.resourceId;
  if (typeof data?.id === 'string') return data.id;
  const { id, userID } = (exchange.input.params ?? {}) as PathIds;
  return exchange.route.audit !== false && exchange.route.audit.resource === 'member' ? userID : id;
}
