import { forbidden, notFound, stale } from '../../../contracts/errors.ts';
import type { userRoutes } from '../../../contracts/identity/user-routes.ts';
import { permissionsOf } from '../../../contracts/shared/permissions.ts';
import type { Call, UseCase } from '../../platform/api/call.ts';
import { wishForCode } from '../domain/code.ts';
import { changeUser, hasMoved, type User, viewOf } from '../domain/user.ts';
import {
  type AccessStore,
  type AccountRecords,
  CodeMoved,
  type CodeStore,
  type Report,
  type UserStore,
} from '../ports.ts';

interface UpdateUser {
  users: UserStore;
  access: AccessStore;
  codes: CodeStore;
  accounts: AccountRecords;
  report: Report;
}

/**
 * Another address is mailed a code. It takes the place of the one before, and so does its count: nobody has many addresses mailed. Who has not taken an
 * invitation up yet is invited anew: the code of the first one went to the address before, and there is no session to verify an address in.
 */
async function mailCode(codes: CodeStore, { id }: User, call: Call) {
  const { codes: asked } = await codes.load(id, ['verify_email', 'invite']);
  const before = asked.find(({ purpose }) => purpose === 'invite') ?? asked[0];
  // Who reads the mail is the user, in whosever language this call is.
  const language = id === call.caller.userId ? call.language : (before?.language ?? call.language);
  const purpose = before?.purpose ?? 'verify_email';
  return codes.ask(wishForCode({ userId: id, purpose, nonce: call.newId(), language, now: call.now }, before), before);
}

/** A user changes who it is; what it may do takes the permission, for oneself as for others. */
export const updateUser =
  ({ users, access, codes, accounts, report }: UpdateUser): UseCase<(typeof userRoutes)['users.update']> =>
  async ({ params, body }, call) => {
    const isGoverned = body.role !== undefined || body.is_active !== undefined;
    if (isGoverned && !permissionsOf(call.caller.role).includes('user:update')) throw forbidden();
    // Whoever has the address gets into the account, where the key no longer counts; and so does an admin whom it made.
    const outlivesKey = body.email !== undefined || body.role === 'admin';
    if (outlivesKey && call.caller.keyId !== undefined) throw forbidden('auth.session_only');
    const user = await users.find(params.id);
    if (user === undefined) throw notFound();
    call.expectVersion(user.version);
    const next = changeUser(user, body, call.now);
    const writes = next === user ? [] : [...users.change(user, next), ...access.change(user, next)];
    if (hasMoved(user, next)) writes.push(await mailCode(codes, next, call));
    const answer = await call.commit(writes, { data: viewOf(next), version: next.version }).catch((error: unknown) => {
      throw error instanceof CodeMoved ? stale() : error;
    });
    if (user.is_active && !next.is_active) {
      await accounts
        .revokeAll(user.id)
        .catch((error: unknown) => report('cannot sign a disabled user out at Cognito', error));
    }
    return answer;
  };
