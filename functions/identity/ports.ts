import type { CodePurpose } from '../../contracts/internal-events.ts';
import type { Sort } from '../../contracts/shared/list.ts';
import type { SystemRole, WorkspaceRole } from '../../contracts/shared/permissions.ts';
import type { Piece } from '../platform/api/read-page.ts';
import type { Write } from '../platform/table/types.ts';
import type { ApiKey } from './domain/api-key.ts';
import type { Code } from './domain/code.ts';
import type { Session } from './domain/session.ts';
import type { Sessions } from './domain/sessions.ts';
import type { ListedAccount } from './domain/sweep.ts';
import type { User } from './domain/user.ts';

export type { Write };

export interface ListedUser {
  /** Its place in the order that is read: text that sorts as the order does, and no two share. */
  position: string;
  user: User;
}

/** What a list of users may be sorted by. */
export type UserOrder = 'created_at' | 'email' | 'username';

/** Methods that answer writes do nothing by themselves: the use case commits those of several stores at once. */
export interface UserStore {
  find(id: string): Promise<User | undefined>;
  /** Holds that there is such a user; `NobodyThere` else. */
  present(id: string): Write;
  /** Without regard to case. */
  findByEmail(email: string): Promise<User | undefined>;
  findMany(ids: readonly string[]): Promise<User[]>;
  /** All users in an order, strictly behind `from`, a position in it; so many a trip. */
  list(order: Sort<UserOrder>, from: string | undefined, most: number): AsyncIterable<Piece<ListedUser>>;
  /** CONFLICT where the address is taken. */
  insert(user: User): Write[];
  /** Holds `before`'s version. CONFLICT where the new address is taken. */
  change(before: User, after: User): Write[];
  remove(user: User): Write[];
  /** What goes with a user besides: its API keys and codes, a write each. CONFLICT where a key has gone meanwhile. */
  belongings(userId: string): Promise<Write[]>;
}

/** Thrown by a write that holds a user to be there. */
export class NobodyThere extends Error {
  constructor() {
    super('there is no such user');
  }
}

/** What a user's calls are allowed by, and who the admins are. */
export interface AccessStore {
  /** Of one who is about to register: is the address taken, has there ever been an admin? */
  survey(email: string): Promise<{ emailTaken: boolean; adminsExist: boolean }>;
  /** A new user's principal with its first session. Of an admin it throws `FirstAdminFound` if there ever was one. */
  insert(user: User, sessionId: string, session: Session, now: Date): Write[];
  /** Of one who becomes the first admin now: `FirstAdminFound` where there ever was one. `principal` where no other write sets its role. */
  found(user: User, principal?: 'principal'): Write[];
  /** A new user's, who has no session yet. */
  enrol(user: User, now: Date): Write[];
  /** CONFLICT where `before` was the last active admin. Ends every session of who is disabled. */
  change(before: User, after: User): Write[];
  /** Holds what was read; CONFLICT for the last active admin. */
  remove(user: User, held: Pick<Access, 'memberships' | 'owned' | 'keys'>): Write[];
  /** As it looks now; `remove` decides. */
  isLastAdmin(user: User): Promise<boolean>;
}

/** Thrown by the write that would have made the first admin: there is one. */
export class FirstAdminFound extends Error {
  constructor() {
    super('there has been a first admin already');
  }
}

export interface Access {
  role: SystemRole;
  active: boolean;
  memberships: Readonly<Record<string, WorkspaceRole>>;
  /** How many workspaces are its own. */
  owned: number;
  /** How many API keys it has. */
  keys: number;
  sessions: Sessions;
}

export interface SessionStore {
  /** A user with what its calls are allowed by, in one trip. */
  load(userId: string): Promise<{ user: User; access: Access } | undefined>;
  /** `NoRoom` where there are too many already; UNAUTHORIZED for a disabled user, and where the password was replaced since the user was read. */
  add(user: User, sessionId: string, session: Session, evicted: readonly string[]): Write;
  /** `SessionMoved` where it is not as it was read. */
  swap(userId: string, sessionId: string, before: Session, after: Session, expired: readonly string[]): Write;
  drop(userId: string, sessionId: string): Write;
  dropAll(userId: string): Write;
  /** Ends a session of which no answer tells. */
  dropNow(userId: string, sessionId: string): Promise<void>;
}

/** By what a password is replaced: by itself, or by a code. */
export type PasswordSetter = 'change' | CodePurpose;

/** Who replaces a password holds the user's lease meanwhile: that is done elsewhere before the table knows of it. */
export interface LeaseStore {
  /**
   * With what it holds. CONFLICT while another has one, and where the password was replaced since the user was read. Unless `end` says that it was not, and
   * where nobody calls `endOthers` before the lease lapses, the sessions of who had a password end by themselves (settle-password.ts).
   */
  take(user: User, lease: string, now: Date, by: PasswordSetter, held?: readonly Write[]): Promise<void>;
  /** Before what was done under a lease is undone: `endOthers` under the first one comes to nothing from then on. `LeaseLost`. */
  swap(userId: string, lease: string, next: string): Promise<void>;
  /** `endOthers` under it comes to nothing from then on. With `first`, the lease that was taken: the password is as it was. `LeaseLost`. */
  end(userId: string, lease: string, first?: string): Promise<void>;
  /**
   * The password was replaced: ends every session but the one to keep, and the lease. `SessionMoved` where that is not as it was read. With `keys` it goes with
   * the writes that remove all API keys, so many; `KeysMoved` where there are others.
   */
  endOthers(after: User, lease: string, ending?: { kept?: { id: string; session: Session }; keys?: number }): Write;
}

/** Thrown by `add`: these are the sessions that there are. */
export class NoRoom extends Error {
  readonly sessions: Sessions;
  constructor(sessions: Sessions) {
    super('there is no room for one more session');
    this.sessions = sessions;
  }
}

/** Thrown by `swap`: this is what became of the session. */
export class SessionMoved extends Error {
  readonly session: Session | undefined;
  constructor(session: Session | undefined) {
    super('the session was changed meanwhile');
    this.session = session;
  }
}

/** The lease is another's by now, or nobody's. */
export class LeaseLost extends Error {
  /** It is nobody's: `endOthers` under it, of which no answer came, was done. As long as it has not lapsed, nothing else ends a lease but who holds it. */
  readonly settled: boolean;
  constructor(settled: boolean) {
    super('the lease is not held any more');
    this.settled = settled;
  }
}

/** Thrown where API keys go along: there are others than were found. */
export class KeysMoved extends Error {
  constructor() {
    super('an API key was made or revoked meanwhile');
  }
}

/** One sign-in that was let through to the password check. */
export interface Attempt {
  address: string;
  /** Where marks of this account, folded and hashed, may stand. */
  sets: readonly string[];
  mark: string;
  /** This attempt's and those of the failures before it, of this account from this address. */
  marks: readonly string[];
}

/** Codes are counted apart from passwords: whoever is locked out by too many wrong ones may still show a code. A right code forgives both. */
export type AttemptKind = 'password' | 'code';

/** Counts who tries passwords and codes, of known accounts and unknown alike. */
export interface AttemptStore {
  /** Counts the attempt as a failure until `forgive` says else; never lets more through than the limits. RATE_LIMITED past them. */
  reserve(kind: AttemptKind, address: string, email: string, now: Date, id: string): Promise<Attempt>;
  /** It succeeded: neither it nor the failures before it count any more. */
  forgive(attempt: Attempt): Write;
  /** The password was never judged: the attempt, and it alone, does not count. */
  release(attempt: Attempt): Promise<void>;
}

/** Codes that users are mailed. What is written here is a wish; its mail makes the code (`mintCode`). */
export interface CodeStore {
  /** A user, and its codes for these, in one trip. */
  load(userId: string, purposes: readonly CodePurpose[]): Promise<{ user: User | undefined; codes: Code[] }>;
  /** A new wish (`wishForCode`), in the place of the one before; its mail follows from the stream. `CodeMoved` where that is not as it was read. */
  ask(code: Code, before?: Code): Write;
  /** Counts a wrong code against each of these wishes, never past what they bear. Of none of them it takes as long. */
  countTry(userId: string, codes: readonly Code[]): Promise<void>;
  /** Holds that the code that was read is the last one, and that it bears one more. `CodeMoved` else. */
  hold(code: Code): Write;
  /** The same, and it is gone with it. */
  spend(code: Code): Write;
  /** Whatever stands there goes. */
  drop(userId: string, purpose: CodePurpose): Write;
}

/** Thrown by a write of a code: it is not as it was read. */
export class CodeMoved extends Error {
  constructor() {
    super('the code was changed meanwhile');
  }
}

/** A new key's text, which goes to its maker alone, and what of it may be shown ever after. */
export type NewKeyText = (name: { userId: string; keyId: string }) => { text: string; prefix: string };

/** A user's keys for services; what is written of one is its hash. */
export interface ApiKeyStore {
  list(userId: string): Promise<ApiKey[]>;
  /** CONFLICT where there are 20 already, UNAUTHORIZED for a user who is gone or disabled, and for a session that has ended. */
  insert(maker: { userId: string; sessionId: string }, key: ApiKey, text: string): Write[];
  /** NOT_FOUND where this user has no such key. */
  remove(userId: string, keyId: string): Write[];
}

/** The end of all of them at once. */
export interface ApiKeyRemoval {
  ids(userId: string): Promise<string[]>;
  /** Those, which are all that the user has; the count of them is `LeaseStore.endOthers`'s to take back. `KeysMoved` where one is gone. */
  removeAll(userId: string, ids: readonly string[]): Write[];
}

export interface Tokens {
  accessToken: string;
  expiresAt: Date;
  /** The `origin_jti` that all access tokens of one sign-in share. */
  sessionId: string;
  userId: string;
}

export interface SignedIn extends Tokens {
  kind: 'signed_in';
  refreshToken: string;
  /** When the refresh token ends. */
  endsAt: Date;
}

/** What Cognito keeps of a user, under our user id. Whatever is not answered is thrown as SERVICE_UNAVAILABLE. */
export interface AccountRecords {
  /**
   * Done again for the same id is done. VALIDATION_ERROR for a password that it does not take; without one nobody can sign in until it is set.
   */
  create(userId: string, password?: string): Promise<void>;
  /** Of an account that may be there or not, with the same words. Its sessions go on. */
  setPassword(userId: string, password: string): Promise<void>;
  revokeAll(userId: string): Promise<void>;
  /** Gone already is gone. */
  remove(userId: string): Promise<void>;
}

/** All accounts under our ids, page by page; as they were a moment ago. */
export interface AccountList {
  list(): AsyncIterable<readonly ListedAccount[]>;
}

/** Passwords and tokens, with the same words for what is not answered. */
export interface SignIns {
  /** `locked`: it takes no more attempts for a while. */
  signIn(userId: string, password: string): Promise<SignedIn | { kind: 'refused' } | { kind: 'locked' }>;
  /** Undefined for a refresh token that counts no more. */
  refresh(refreshToken: string): Promise<Tokens | undefined>;
  /** The refresh token, and the access tokens made from it, count no more at Cognito. */
  revoke(refreshToken: string): Promise<void>;
}

export interface Accounts extends AccountRecords, SignIns {}

/** A workspace of a user's own, with how many things it holds; `members` beside the user. */
export interface OwnWorkspace {
  id: string;
  name: string;
  vms: number;
  credentials: number;
  members: number;
  /** Its end, while it holds nothing and nobody else. Five writes; the user's own principal is not among them. */
  end: Write[];
}

/** How a user who is being deleted leaves the workspaces that it owns or is a member of. */
export interface Departures {
  /** Those of its own among these, in one trip. */
  own(userId: string, workspaceIds: readonly string[]): Promise<OwnWorkspace[]>;
  /** One of its own goes ahead of the user. */
  end(userId: string, own: OwnWorkspace): Promise<void>;
  /** Two writes a membership. The user's own principal is not among them. */
  writes(userId: string, memberships: Access['memberships']): Write[];
  /** One membership ahead of the others. */
  leave(userId: string, workspaceId: string, role: WorkspaceRole): Promise<void>;
}

/** Tells the log of what failed beside the point: the table has decided, and Cognito did not follow. */
export type Report = (message: string, error: unknown) => void;
