import { afterAll, beforeAll } from 'vitest';
import { createCognitoAccounts } from '../../../functions/identity/store/cognito.ts';
import { createCognitoClient } from '../../../functions/identity/store/cognito-client.ts';
import { type Backend, startBackend } from '../../support/in-process-backend.ts';
import { describeAccounts } from '../../unit/identity/accounts-contract.ts';

let backend: Backend;
beforeAll(async () => {
  backend = await startBackend();
}, 60_000);
afterAll(() => backend?.stop());

// The emulator enforces neither the client's secret nor its flows; those are assertions on the template.
describeAccounts('a user pool', () => {
  const { client, userPoolId, userPoolClientId: clientId, verifyToken } = backend;
  return {
    accounts: createCognitoAccounts({ client: createCognitoClient(client), userPoolId, clientId }),
    verifyToken,
  };
});
