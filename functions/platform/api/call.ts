import type { Language, MessageKey, MessageParams } from '../../../contracts/messages.ts';
import type { DataOf, InputOf } from '../../../contracts/route.ts';
import type { SystemRole, WorkspaceRole } from '../../../contracts/shared/permissions.ts';
import type { Write } from '../table/types.ts';

/** Who calls, as the principal item stood when this call was counted. */
export interface Caller {
  userId: string;
  role: SystemRole;
  /** The `origin_jti` that all access tokens of one sign-in share. Empty for a call with an API key: routes that use it are `sessionOnly`. */
  sessionId: string;
  /** The API key that the call was made with. `role` is then never more than the key's. */
  keyId?: string;
  /** Workspace id → role. */
  memberships: Readonly<Record<string, WorkspaceRole>>;
}

/** What a use case answers. The envelope, headers and audit row are made of it. */
export interface Answer<Data = unknown> {
  data?: Data;
  /** The route's own message unless given. */
  message?: MessageKey;
  messageParams?: MessageParams;
  /** Becomes `ETag: "<version>"`. */
  version?: number;
  /** The work goes on after the answer: 202 with the route's message for that. */
  later?: true;
  /** Whose audit log the row stands in where the call enters no workspace: one that it makes, or that is another's to manage. */
  workspaceId?: string;
  /** Whom the audit row is about where nobody is signed in: a user that the call makes. One that is not made leaves no row. */
  userId?: string;
  /** What the audit row names; `data.id`, then the id in the path, unless given. */
  resourceId?: string;
  /** Stands at the root of the answer beside `data`; only the OAuth2 form asks for it. */
  root?: Readonly<Record<string, unknown>>;
}

/** One request as a use case sees it. Time and ids come from here, so that tests can hand in their own. */
export interface Call {
  readonly requestId: string;
  readonly now: Date;
  readonly language: Language;
  /** As our edge attests it; IPv6 as its /64. */
  readonly address: string;
  readonly userAgent: string;
  /** Throws UNAUTHORIZED where nobody is signed in, so it is safe behind every `who` but `anyone`. */
  readonly caller: Caller;
  /** The version of `If-Match`. */
  readonly ifMatch: number | undefined;
  /** True for a body that came as a form. */
  readonly form: boolean;
  newId(): string;
  /**
   * Checks the route's workspace role against the caller's and names the workspace in the audit row. NOT_FOUND to a stranger, FORBIDDEN to a lower
   * role. A route whose workspace stands in the thing itself must call it before it answers; one that forgets answers INTERNAL_ERROR.
   */
  enter(workspaceId: string, required?: WorkspaceRole): WorkspaceRole | 'manager';
  /** Ids of the workspaces in which the caller has at least this role. */
  workspaces(role?: WorkspaceRole): string[];
  /** For routes of anyone: whom the audit row is about, once it is known; of a refusal, too. */
  identify(userId: string): void;
  /** CONFLICT unless `If-Match` is absent or names this version. */
  expectVersion(current: number): void;
  /**
   * Writes in one transaction with the audit row and the idempotency record, and answers; a repeat of an idempotency key answers what was answered
   * first and writes nothing. A failed guard throws its own error.
   */
  commit<Data>(writes: readonly Write[], answer: Answer<Data>): Promise<Answer<Data>>;
  /**
   * For a refusal that may not have held when the request came first: what its idempotency key was answered then, else throws `refusal`. One trip, and
   * none without a key.
   */
  answeredOr<Data>(refusal: unknown): Promise<Answer<Data>>;
  /**
   * For work in which something outside acts before `commit`: claims the idempotency key first, one trip, and none without a key. A repeat answers what was
   * answered first; while the first is at work, for 60 seconds at most, it is CONFLICT with `Retry-After`. Work that fails gives the key up.
   */
  claimed<Data>(work: () => Promise<Answer<Data>>): Promise<Answer<Data>>;
}

export type UseCase<R> = (input: InputOf<R>, call: Call) => Promise<Answer<DataOf<R>>>;

/** A use case for each route of a function; a missing or misspelt one does not compile. */
export type UseCases<Routes> = { [Id in keyof Routes]: UseCase<Routes[Id]> };
