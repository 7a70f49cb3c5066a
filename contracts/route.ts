import type * as z from 'zod';
import type { ErrorCode } from './errors.ts';
import type { MessageKey } from './messages.ts';
import type { Permission, WorkspaceRole } from './shared/permissions.ts';

/** The Lambda function that serves a route: its entry is `functions/<context>/handlers/<name>.lambda.ts`. */
export type FunctionName =
  | 'identity-api'
  | 'users-api'
  | 'workspaces-api'
  | 'credentials-api'
  | 'credential-checks'
  | 'compute-api'
  | 'notifications-api'
  | 'providers-api'
  | 'schedules-api'
  | 'audit-api'
  | 'system-api';

export type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';

/** Where the workspace of a call stands: in the path, the body, the query, or in the thing that the path names. */
export type WorkspaceAt = 'params.id' | 'body' | 'query' | 'thing';

/**
 * Who may call. A stranger to a workspace, or to another user's own thing, gets NOT_FOUND; too low a role gets FORBIDDEN.
 * - `anyone`: no token is asked for.
 * - `caller`: any authenticated user. `account`: the user's own account, which a system viewer may write too.
 * - `permission`: a system permission, or the user whose id is `params.id` where `orSelf` stands.
 * - `workspace`: at least this role in the workspace, or the permission instead.
 */
export type Who =
  | { kind: 'anyone' }
  | { kind: 'caller'; account?: true }
  | { kind: 'permission'; permission: Permission; orSelf?: true }
  | { kind: 'workspace'; role: WorkspaceRole; at: WorkspaceAt; orPermission?: Permission };

export interface RouteSpec<
  Params extends z.ZodObject | undefined = z.ZodObject | undefined,
  Query extends z.ZodObject | undefined = z.ZodObject | undefined,
  Body extends z.ZodType | undefined = z.ZodType | undefined,
  Data extends z.ZodType | undefined = z.ZodType | undefined,
> {
  method: Method;
  path: `/${string}`;
  summary: string;
  description?: string;
  who: Who;
  /** Takes a token, no API key: FORBIDDEN with one. For what would let a key outlive or outgrow what its maker gave it. */
  sessionOnly?: true;
  params?: Params;
  query?: Query;
  body?: Body;
  /** The body may be missing altogether; it is then `{}`. */
  bodyOptional?: true;
  /** Also takes `application/x-www-form-urlencoded`, whose unknown fields are dropped. */
  form?: true;
  answer: {
    status: 200 | 201 | 202;
    data?: Data;
    message?: MessageKey;
    /** Where the work may go on after the answer: the message of a 202, which holds no data. */
    later?: MessageKey;
  };
  /** Against which hourly limit a call counts: the caller's (an anonymous one's address), the sign-in limit of its address, or none. */
  counted: 'caller' | 'sign_in' | 'no';
  /** The row that a call leaves. `false` only where nothing is counted. */
  audit: { resource: string; action: string } | false;
  /** Takes `Idempotency-Key`; for POSTs that create, pay or charge. */
  idempotent?: true;
  /** Fields of `data` that are shown once and never stored with an idempotent answer. */
  shownOnce?: readonly string[];
  /** Answers carry `ETag`, writes to what there is take `If-Match`. */
  versioned?: true;
  /** Codes beyond those that every route of its kind can answer. */
  errors?: readonly ErrorCode[];
  tag: string;
}

export type Route = RouteSpec & { id: string; fn: FunctionName };

/** Whether a route takes `If-Match`: what writes to a thing that there is already. */
export const takesIfMatch = ({ versioned, method, params }: RouteSpec): boolean =>
  versioned === true && method !== 'GET' && (method !== 'POST' || params !== undefined);

/** Keeps the schemas' own types, so that a use case gets its input typed. */
export const route = <
  Params extends z.ZodObject | undefined = undefined,
  Query extends z.ZodObject | undefined = undefined,
  Body extends z.ZodType | undefined = undefined,
  Data extends z.ZodType | undefined = undefined,
>(
  spec: RouteSpec<Params, Query, Body, Data>,
) => spec;

type Named<Specs> = { [Id in keyof Specs]: Specs[Id] & { id: Id & string; fn: FunctionName } };

/** A context's routes, by id (`vms.create`), all served by one function unless an entry of `servedBy` says another. */
export function defineRoutes<const Specs extends Record<string, object>>(
  fn: FunctionName,
  specs: Specs,
  servedBy: Partial<Record<keyof Specs, FunctionName>> = {},
): Named<Specs> {
  const entries = Object.entries(specs).map(([id, spec]) => [id, { ...spec, id, fn: servedBy[id] ?? fn }]);
  return Object.fromEntries(entries) as Named<Specs>;
}

type Parsed<Schema> = Schema extends z.ZodType ? z.output<Schema> : undefined;

/** What a use case is given of a route: path, query and body, parsed. */
export interface InputOf<R> {
  params: R extends { params?: infer S } ? Parsed<Exclude<S, undefined>> : undefined;
  query: R extends { query?: infer S } ? Parsed<Exclude<S, undefined>> : undefined;
  body: R extends { body?: infer S } ? Parsed<Exclude<S, undefined>> : undefined;
}

export type DataOf<R> = R extends { answer: { data?: infer S } }
  ? S extends z.ZodType
    ? z.input<S>
    : undefined
  : undefined;
