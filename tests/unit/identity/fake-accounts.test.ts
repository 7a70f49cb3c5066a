import { describeAccounts } from './accounts-contract.ts';
import { createFakeAccounts } from './fake-accounts.ts';
import { createTokenIssuer } from './token-issuer.ts';

describeAccounts('memory', () => {
  const issuer = createTokenIssuer();
  return { accounts: createFakeAccounts(issuer), verifyToken: issuer.verifyToken };
});
