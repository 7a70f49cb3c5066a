import { describe, expect, it } from 'vitest';
import { bundleFunctions } from '../../../infra/bundle.ts';
import { functions } from '../../../infra/functions.ts';
import { list, type Statement, statementsByFunction } from './statements.ts';
import { resourcesOf, synthesise } from './templates.ts';

const { data, core, control } = synthesise('dev', 'adminEmail=ops@example.com', 'mailFrom=no-reply@example.com');
const { metafile } = await bundleFunctions();

const statementsOf = statementsByFunction(data, core, control);

const actionsOf = (name: string, effect: Statement['Effect'] = 'Allow'): string[] =>
  (statementsOf.get(name) ?? []).filter(({ Effect }) => Effect === effect).flatMap(({ Action }) => list(Action));

const basics = ['logs:CreateLogStream', 'logs:PutLogEvents', 'xray:PutTelemetryRecords', 'xray:PutTraceSegments'];
const reads = ['dynamodb:BatchGetItem', 'dynamodb:GetItem', 'dynamodb:Query'];
const middleware = [...reads, 'dynamodb:ConditionCheckItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem'];
const stream = ['DescribeStream', 'GetRecords', 'GetShardIterator', 'ListStreams'].map(
  (action) => `dynamodb:${action}`,
);
const consumeOnly = ['sqs:DeleteMessage', 'sqs:GetQueueAttributes', 'sqs:ReceiveMessage'];
const consume = [...consumeOnly, 'sqs:SendMessage'];

/** Beyond its log and its traces. Widening one is a decision that shows here. */
const rights: Record<keyof typeof functions, string[]> = {
  'identity-api': [
    ...middleware,
    'dynamodb:DeleteItem',
    'cognito-idp:AdminCreateUser',
    'cognito-idp:AdminDeleteUser',
    'cognito-idp:AdminInitiateAuth',
    'cognito-idp:AdminSetUserPassword',
    'cognito-idp:AdminUserGlobalSignOut',
    'cognito-idp:DescribeUserPoolClient',
  ],
  'users-api': [
    ...middleware,
    'dynamodb:DeleteItem',
    'cognito-idp:AdminCreateUser',
    'cognito-idp:AdminDeleteUser',
    'cognito-idp:AdminSetUserPassword',
    'cognito-idp:AdminUserGlobalSignOut',
  ],
  'token-scopes': [],
  'workspaces-api': [...middleware, 'dynamodb:DeleteItem'],
  'audit-api': [...middleware, 's3:GetObject', 's3:ListBucket', 's3:PutObject'],
  counters: ['dynamodb:BatchGetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem', ...consumeOnly],
  'audit-export': [...reads, 'dynamodb:PutItem', ...consumeOnly, 's3:GetObject', 's3:PutObject'],
  'audit-anchor': [...reads, 's3:GetObject', 's3:ListBucket', 's3:PutObject'],
  'audit-archive': [
    ...reads,
    'dynamodb:PutItem',
    'dynamodb:UpdateItem',
    's3:GetObject',
    's3:ListBucket',
    's3:PutObject',
  ],
  'system-api': middleware,
  'credentials-api': [...middleware, 'dynamodb:DeleteItem', 'kms:GenerateDataKey'],
  'credential-checks': [...middleware, 'kms:Decrypt', 'kms:GenerateDataKey', 'sts:AssumeRole'],
  'compute-api': [...middleware, 'kms:GenerateDataKey'],
  'schedules-api': middleware,
  'fire-timers': [...middleware, 'dynamodb:DeleteItem'],
  'workspace-teardown': [...middleware, 'dynamodb:DeleteItem', 'sqs:SendMessage'],
  'providers-api': [...middleware, 'kms:Decrypt', 'pricing:GetProducts', 'sts:AssumeRole'],
  'realtime-socket': [
    'dynamodb:BatchGetItem',
    'dynamodb:GetItem',
    ...['Delete', 'Put', 'Update'].map((verb) => `dynamodb:${verb}Item`),
    'execute-api:ManageConnections',
    ...consume,
  ],
  'realtime-push': [...reads, 'dynamodb:UpdateItem', 'execute-api:ManageConnections', 'sqs:SendMessage'],
  'member-profiles': ['dynamodb:GetItem', 'dynamodb:UpdateItem', 'sqs:SendMessage'],
  'notifications-api': middleware,
  'raise-notifications': [...middleware, 'dynamodb:DeleteItem', ...consumeOnly],
  'send-mails': ['dynamodb:BatchGetItem', 'dynamodb:GetItem', 'dynamodb:UpdateItem', 'ses:SendEmail', ...consume],
  relay: [...stream, ...consume, 'events:PutEvents', 'states:StartExecution'],
  'audit-chain': [...reads, 'dynamodb:PutItem', ...stream, 'sqs:SendMessage'],
  'vm-steps': [...middleware, 'dynamodb:DeleteItem', 'kms:Decrypt', 'sqs:SendMessage', 'sts:AssumeRole'],
  'account-sweep': ['dynamodb:BatchGetItem', 'dynamodb:Query', 'cognito-idp:AdminDeleteUser', 'cognito-idp:ListUsers'],
  reconcile: [
    ...reads,
    ...['Delete', 'Put', 'Update'].map((verb) => `dynamodb:${verb}Item`),
    ...consume,
    'kms:Decrypt',
    'states:StartExecution',
    'sts:AssumeRole',
  ],
  'origin-secret-hash': ['secretsmanager:GetSecretValue'],
};

describe('the role of', () => {
  it.each(Object.keys(functions))('%s allows what is listed here and no more', (name) => {
    const expected = [...basics, ...(rights[name as keyof typeof functions] ?? [])];
    expect([...new Set(actionsOf(name))].toSorted()).toEqual([...new Set(expected)].toSorted());
  });

  it.each(Object.keys(functions))('%s has no wildcard action, and takes no policy of AWS', (name) => {
    expect(actionsOf(name).filter((action) => action.includes('*'))).toEqual([]);
    const roles = resourcesOf('AWS::IAM::Role', data, core, control).filter(({ Properties }) =>
      String(Properties.Description).endsWith(`skyclust-dev-${name} may do`),
    );
    expect(roles).toHaveLength(1);
    expect(roles[0]?.Properties).not.toHaveProperty('ManagedPolicyArns');
  });

  it.each(Object.keys(functions))('%s names its resources, but where AWS knows none', (name) => {
    const anywhere = (statementsOf.get(name) ?? []).filter((one) => list(one.Resource).includes('*'));
    const actions = anywhere.flatMap(({ Action }) => list(Action));
    const known = ['xray:PutTelemetryRecords', 'xray:PutTraceSegments', 'dynamodb:ListStreams', 'pricing:GetProducts'];
    expect(actions.filter((action) => !known.includes(action))).toEqual([]);
  });
});

/** SDK package → IAM service; what needs a right of its own, by command. `[]`: none of our role (the user's own keys, or a public operation). */
const services: Record<string, string | []> = {
  'client-apigatewaymanagementapi': 'execute-api',
  'client-cognito-identity-provider': 'cognito-idp',
  'client-ec2': [],
  'client-eventbridge': 'events',
  'client-kms': 'kms',
  'client-pricing': 'pricing',
  'client-secrets-manager': 'secretsmanager',
  'client-sesv2': 'ses',
  'client-sfn': 'states',
  'client-sqs': 'sqs',
  'client-sts': 'sts',
};
/** Commands that ask for the right of another. */
const rightOf: Readonly<Record<string, string>> = { SendMessageBatch: 'SendMessage' };
const isPublic = ['cognito-idp:GetTokensFromRefreshToken', 'cognito-idp:RevokeToken', 'sts:GetCallerIdentity'];

const commandsOf = (name: string): string[] => {
  const inputs = metafile.outputs[`dist/functions/${name}/index.mjs`]?.inputs ?? {};
  return Object.entries(inputs).flatMap(([file, { bytesInOutput }]) => {
    const [, client = '', command = ''] =
      file.match(/@aws-sdk\/(client-[^/]+)\/dist-es\/commands\/(\w+)Command\.js$/) ?? [];
    const service = services[client];
    if (bytesInOutput === 0 || client === '' || client === 'client-dynamodb' || typeof service === 'object') return [];
    const action = service === 'execute-api' ? 'ManageConnections' : (rightOf[command] ?? command);
    return isPublic.includes(`${service}:${action}`) ? [] : [`${service}:${action}`];
  });
};

describe('a role and its bundle', () => {
  it.each(Object.keys(functions))('of %s agree on what is called beyond the table', (name) => {
    const allowed = actionsOf(name).filter((action) => Object.values(services).includes(action.split(':')[0] ?? ''));
    // These are used by Lambda on the function's behalf: event sources and dead letters.
    const byLambda = ['sqs:DeleteMessage', 'sqs:GetQueueAttributes', 'sqs:ReceiveMessage'];
    if (['realtime-push', 'member-profiles', 'vm-steps', 'workspace-teardown'].includes(name))
      byLambda.push('sqs:SendMessage');
    expect([...new Set(commandsOf(name))].toSorted()).toEqual(
      [...new Set(allowed.filter((action) => !byLambda.includes(action)))].toSorted(),
    );
  });
});

describe('member-profiles', () => {
  it('reads people and writes their names into rows of workspaces, nothing else', () => {
    const statements = (statementsOf.get('member-profiles') ?? []).filter(({ Action }) =>
      list(Action).some((action) => action.startsWith('dynamodb:')),
    );
    expect(statements.map(({ Effect, Action, Condition }) => [Effect, Action, Condition])).toEqual([
      [
        'Allow',
        'dynamodb:GetItem',
        { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['USER#*', 'PRINCIPAL#*'] } },
      ],
      [
        'Allow',
        'dynamodb:UpdateItem',
        {
          'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['WS#*'] },
          'ForAllValues:StringEquals': { 'dynamodb:Attributes': ['pk', 'sk', 'name', 'email', 'profile_version'] },
        },
      ],
    ]);
  });
});

describe('account-sweep', () => {
  it('reads users, writes nothing to the table, and lists and ends accounts of the one pool', () => {
    const statements = (statementsOf.get('account-sweep') ?? []).filter(({ Action }) =>
      list(Action).some((action) => /^(dynamodb|cognito-idp):/.test(action)),
    );
    expect(statements.map(({ Effect, Action, Condition }) => [Effect, Action, Condition])).toEqual([
      ['Allow', 'dynamodb:BatchGetItem', { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['USER#*'] } }],
      ['Allow', 'dynamodb:Query', { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['EMAIL'] } }],
      ['Allow', ['cognito-idp:AdminDeleteUser', 'cognito-idp:ListUsers'], undefined],
    ]);
  });

  it('runs once a day, and an alarm rings for users who have no account', () => {
    const rules = resourcesOf('AWS::Events::Rule', core).map(({ Properties }) => Properties);
    const rule = rules.find(({ Description }) => Description === 'Calls account-sweep every day');
    expect(rule).toMatchObject({ ScheduleExpression: 'rate(1 day)', State: 'ENABLED' });
    const alarms = resourcesOf('AWS::CloudWatch::Alarm', core).map(({ Properties }) => Properties);
    expect(alarms.find(({ AlarmName }) => AlarmName === 'skyclust-dev-users-without-account')).toMatchObject({
      Namespace: 'SkyClust',
      MetricName: 'UsersWithoutAccount',
      Dimensions: [{ Name: 'service', Value: 'account-sweep' }],
      Threshold: 0,
      Period: 86_400,
    });
  });
});

describe('send-mails', () => {
  it('sends from our address alone, to any identity, as SES asks for one of the recipient in its sandbox', () => {
    const sending = (statementsOf.get('send-mails') ?? []).filter(({ Action }) =>
      list(Action).includes('ses:SendEmail'),
    );
    const ours = (resource: string) => ({ 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, resource]] });
    expect(sending).toEqual([
      {
        Effect: 'Allow',
        Action: 'ses:SendEmail',
        Resource: [
          ours(':ses:eu-west-1:111122223333:identity/*'),
          expect.objectContaining({ 'Fn::Join': expect.anything() }),
        ],
        Condition: { StringEquals: { 'ses:FromAddress': 'no-reply@example.com' } },
      },
    ]);
    expect(JSON.stringify(sending[0]?.Resource)).toContain(':configuration-set/');
  });
});

describe('credentials', () => {
  const kms = (name: string) =>
    (statementsOf.get(name) ?? []).filter(({ Action }) => list(Action).some((action) => action.startsWith('kms:')));

  const credential = ['workspace_id', 'credential_id', 'version'];
  const userData = ['workspace_id', 'vm_id'];

  it.each([
    ['credentials-api', [credential]],
    ['credential-checks', [credential, credential]],
    ['compute-api', [userData]],
    ['providers-api', [credential]],
    ['vm-steps', [credential, userData]],
    ['reconcile', [credential]],
  ])('are sealed and opened by %s only under whose they are', (name, contexts) => {
    expect(kms(name).map(({ Effect, Condition }) => [Effect, Condition])).toEqual(
      contexts.map((keys) => [
        'Allow',
        {
          'ForAllValues:StringEquals': { 'kms:EncryptionContextKeys': keys },
          Null: Object.fromEntries(keys.map((key) => [`kms:EncryptionContext:${key}`, 'false'])),
        },
      ]),
    );
  });

  it('are opened by who calls their clouds or encrypts them anew, alone', () => {
    const openers = Object.keys(functions).filter((name) => actionsOf(name).includes('kms:Decrypt'));
    expect(openers.toSorted()).toEqual(['credential-checks', 'providers-api', 'reconcile', 'vm-steps']);
  });
});

describe('the keys that data came from', () => {
  const key = 'arn:aws:kms:eu-west-1:111122223333:key/0f0f0f0f-former';
  const moved = synthesise(
    'dev',
    'adminEmail=ops@example.com',
    'mailFrom=no-reply@example.com',
    `formerCredentialsKeys=${key}`,
  );
  const resourcesOfKms = (statements: Statement[] = [], action: string) =>
    statements.filter(({ Action }) => list(Action).includes(action)).map(({ Resource }) => list(Resource));

  it('open for whom the own key opens, and seal for nobody', () => {
    const own = { Ref: expect.stringMatching(/credentialskeyarn/) };
    for (const [name, statements] of statementsByFunction(moved.core, moved.control)) {
      for (const opened of resourcesOfKms(statements, 'kms:Decrypt')) expect(opened, name).toEqual([own, key]);
      for (const sealed of resourcesOfKms(statements, 'kms:GenerateDataKey')) expect(sealed, name).toEqual([own]);
    }
    const told = resourcesOf('AWS::Lambda::Function', moved.control).flatMap(({ Properties }) =>
      Properties.Environment.Variables.FORMER_KEY_IDS === key
        ? [Properties.FunctionName.replace('skyclust-dev-', '')]
        : [],
    );
    expect(told.toSorted()).toEqual(['credential-checks', 'providers-api', 'reconcile', 'vm-steps']);
  });
});

describe('roles of users', () => {
  const visitors = Object.entries(functions).flatMap(([name, spec]) => ('assumesRoles' in spec ? [name] : []));
  const partition = { Ref: 'AWS::Partition' };
  const rolesOf = (account: string) => ({ 'Fn::Join': ['', ['arn:', partition, `:iam::${account}:role/*`]] });

  it('are assumed by who opens credentials, and by nobody else', () => {
    const having = (action: string) => Object.keys(functions).filter((name) => actionsOf(name).includes(action));
    expect(visitors.length).toBeGreaterThan(1);
    expect([having('kms:Decrypt'), having('sts:AssumeRole')]).toEqual([visitors, visitors]);
  });

  it.each(visitors)('are assumed by %s never without an external id, and never in our own account', (name) => {
    const assume = (statementsOf.get(name) ?? []).filter(({ Action }) => list(Action).includes('sts:AssumeRole'));
    expect(assume).toEqual([
      {
        Effect: 'Allow',
        Action: 'sts:AssumeRole',
        Resource: rolesOf('*'),
        Condition: { Null: { 'sts:ExternalId': 'false' } },
      },
      { Effect: 'Deny', Action: 'sts:AssumeRole', Resource: rolesOf('111122223333') },
    ]);
  });

  it('are shown, with the policy to paste, whose roles will come', () => {
    const named = resourcesOf('AWS::IAM::Role', core, control).flatMap(({ Properties }) => Properties.RoleName ?? []);
    expect(named.toSorted()).toEqual(visitors.map((name) => `skyclust-dev-visitor-${name}`).toSorted());
    const patterns = resourcesOf('AWS::Lambda::Function', control).flatMap(
      ({ Properties }) => Properties.Environment?.Variables.OUR_ROLES ?? [],
    );
    expect(patterns).toHaveLength(2);
    for (const pattern of patterns) expect(JSON.stringify(pattern)).toContain(':role/skyclust-dev-visitor-*');
  });
});

describe('the anchors of the audit chains', () => {
  const anchoring = (name: string) =>
    (statementsOf.get(name) ?? []).filter(({ Resource }) => JSON.stringify(Resource).includes('skyclust-dev-anchors-'));

  it('are added by audit-anchor alone, read by it and by who verifies, and deleted, unlocked or listed elsewhere by nobody', () => {
    const touching = Object.keys(functions).filter((name) => anchoring(name).length > 0);
    expect(touching).toEqual(['audit-api', 'audit-anchor', 'audit-archive']);
    const rightsOf = (name: string) => anchoring(name).flatMap(({ Action }) => list(Action));
    expect(rightsOf('audit-api')).toEqual(['s3:GetObject', 's3:ListBucket', 's3:ListBucket']);
    expect(rightsOf('audit-anchor')).toEqual(['s3:GetObject', 's3:PutObject', 's3:ListBucket']);
    for (const { Resource } of anchoring('audit-anchor').filter(({ Action }) => list(Action).includes('s3:PutObject')))
      expect(JSON.stringify(Resource)).toContain('/anchors/*');
  });

  it('hold what audit-anchor may read of the table: the chains, which it can not write', () => {
    const dynamo = (statementsOf.get('audit-anchor') ?? []).filter(({ Action }) =>
      list(Action).some((action) => action.startsWith('dynamodb:')),
    );
    expect(dynamo.map(({ Effect, Action, Condition }) => [Effect, Action, Condition])).toEqual([
      [
        'Allow',
        ['dynamodb:GetItem', 'dynamodb:BatchGetItem', 'dynamodb:Query'],
        { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['AUDITCHAIN#*'] } },
      ],
    ]);
  });
});
