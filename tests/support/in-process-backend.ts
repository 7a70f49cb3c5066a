import { randomUUID } from 'node:crypto';
import {
  CognitoIdentityProviderClient,
  CreateUserPoolClientCommand,
  CreateUserPoolCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { CreateTableCommand, DynamoDBClient, waitUntilTableExists } from '@aws-sdk/client-dynamodb';
import { CreateKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import { SimpleJwksCache } from 'aws-jwt-verify/jwk';
import { createTokenVerifier, type TokenVerifier } from '../../functions/platform/auth/verify-token.ts';
import { createTable, createTableClient, type Table } from '../../functions/platform/table/index.ts';
import { type InProcessEmulator, startInProcessEmulator } from './in-process-emulator.ts';
import { patient } from './patient.ts';

/** What a function's handler needs around it: a table, a user pool with its client, a key. All empty, all its own. */
export interface Backend {
  /** For clients of one's own: `new KMSClient(backend.client)`. */
  client: InProcessEmulator['client'];
  table: Table;
  tableName: string;
  userPoolId: string;
  userPoolClientId: string;
  credentialsKeyId: string;
  verifyToken: TokenVerifier;
  /** Another empty table: for rounds that must each begin from nothing. */
  makeTable(): Promise<{ table: Table; tableName: string }>;
  stop(): Promise<void>;
}

/** Keys and index as infra/stacks/data.ts has them. Without time to live: tests that hand in a clock of another day would lose items to the sweep. */
async function createTableLike(client: InProcessEmulator['client']) {
  const tableName = `skyclust-${randomUUID()}`;
  const dynamo = new DynamoDBClient(client);
  const hash = (AttributeName: string) => ({ AttributeName, KeyType: 'HASH' as const });
  const range = (AttributeName: string) => ({ AttributeName, KeyType: 'RANGE' as const });
  await dynamo.send(
    new CreateTableCommand({
      TableName: tableName,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: ['pk', 'sk', 'gsi1pk', 'gsi1sk'].map((AttributeName) => ({
        AttributeName,
        AttributeType: 'S' as const,
      })),
      KeySchema: [hash('pk'), range('sk')],
      GlobalSecondaryIndexes: [
        { IndexName: 'gsi1', KeySchema: [hash('gsi1pk'), range('gsi1sk')], Projection: { ProjectionType: 'ALL' } },
      ],
    }),
  );
  await waitUntilTableExists({ client: dynamo, maxWaitTime: 10, minDelay: 1 }, { TableName: tableName });
  dynamo.destroy();
  return {
    tableName,
    table: createTable({ client: createTableClient({ ...client, requestHandler: patient }), tableName }),
  };
}

/** As infra/stacks/data.ts has it. The emulator enforces none of it. */
async function createPool(client: InProcessEmulator['client']) {
  const cognito = new CognitoIdentityProviderClient(client);
  const { UserPool } = await cognito.send(
    new CreateUserPoolCommand({
      PoolName: 'skyclust-test',
      AdminCreateUserConfig: { AllowAdminCreateUserOnly: true },
      Policies: {
        PasswordPolicy: {
          MinimumLength: 8,
          RequireNumbers: true,
          RequireLowercase: false,
          RequireUppercase: false,
          RequireSymbols: false,
        },
      },
    }),
  );
  const { UserPoolClient } = await cognito.send(
    new CreateUserPoolClientCommand({
      UserPoolId: UserPool?.Id,
      ClientName: 'api',
      GenerateSecret: true,
      ExplicitAuthFlows: ['ALLOW_ADMIN_USER_PASSWORD_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'],
      PreventUserExistenceErrors: 'ENABLED',
      EnableTokenRevocation: true,
      AccessTokenValidity: 1,
      RefreshTokenValidity: 30,
      TokenValidityUnits: { AccessToken: 'hours', RefreshToken: 'days' },
    }),
  );
  cognito.destroy();
  return { userPoolId: String(UserPool?.Id), userPoolClientId: String(UserPoolClient?.ClientId) };
}

/** The pool's keys come from the emulator; the issuer that is checked stays AWS's own address. */
const jwksFrom = (endpoint: string) =>
  new SimpleJwksCache({
    fetcher: { fetch: async (uri) => (await fetch(uri.replace(/^https:\/\/[^/]+/, endpoint))).arrayBuffer() },
  });

export async function startBackend(): Promise<Backend> {
  const emulator = await startInProcessEmulator();
  const { client } = emulator;
  const kms = new KMSClient(client);
  const [first, pool, key] = await Promise.all([
    createTableLike(client),
    createPool(client),
    kms.send(new CreateKeyCommand({})),
  ]);
  kms.destroy();
  return {
    client,
    ...first,
    ...pool,
    credentialsKeyId: String(key.KeyMetadata?.KeyId),
    verifyToken: createTokenVerifier(
      { userPoolId: pool.userPoolId, clientId: pool.userPoolClientId },
      jwksFrom(client.endpoint),
    ),
    makeTable: () => createTableLike(client),
    stop: emulator.stop,
  };
}
