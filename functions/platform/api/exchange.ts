import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import type { Language } from '../../../contracts/messages.ts';
import type { Route } from '../../../contracts/route.ts';
import type { WorkspaceRole } from '../../../contracts/shared/permissions.ts';
import type { Answer, Caller } from './call.ts';

export interface Allowance {
  limit: number;
  remaining: number;
  /** Unix seconds at which the window ends. */
  reset: number;
}

export interface Input {
  params: unknown;
  query: unknown;
  body: unknown;
}

/** What one request gathers on its way through the middleware. */
export interface Exchange {
  readonly event: APIGatewayProxyEventV2;
  readonly route: Route;
  readonly requestId: string;
  readonly startedAt: Date;
  readonly language: Language;
  /** As our edge attests it; IPv6 as its /64. */
  readonly address: string;
  readonly userAgent: string;
  allowance?: Allowance;
  caller?: Caller;
  /** Whom the audit row is about where nobody was signed in. */
  identified?: string;
  input: Input;
  form: boolean;
  entered?: { workspaceId: string; as: WorkspaceRole | 'manager' };
  answer?: Answer | undefined;
  /** A row of this call has been written, or its writing was tried. */
  audited: boolean;
}
