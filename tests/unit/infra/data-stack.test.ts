import { describe, expect, it } from 'vitest';
import { onlyOne, type Resource, resourcesOf, synthesise } from './templates.ts';

const { data } = synthesise('dev', 'adminEmail=ops@example.com', 'mailFrom=no-reply@example.com');

/** Outlives its stack, but not a deployment that failed to make the stack: the next one takes the same names. */
const kept = { DeletionPolicy: 'RetainExceptOnCreate', UpdateReplacePolicy: 'Retain' };

describe('the table', () => {
  const table = onlyOne('AWS::DynamoDB::Table', data);

  it('is paid by the request, can be restored to any second and is not deleted with its stack', () => {
    expect(table.Properties).toMatchObject({
      BillingMode: 'PAY_PER_REQUEST',
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      DeletionProtectionEnabled: true,
    });
    expect(table).toMatchObject(kept);
  });

  it('streams both images, forgets by ttl and has one index', () => {
    expect(table.Properties.StreamSpecification).toEqual({ StreamViewType: 'NEW_AND_OLD_IMAGES' });
    expect(table.Properties.TimeToLiveSpecification).toEqual({ AttributeName: 'ttl', Enabled: true });
    expect(table.Properties.GlobalSecondaryIndexes).toEqual([
      {
        IndexName: 'gsi1',
        KeySchema: [
          { AttributeName: 'gsi1pk', KeyType: 'HASH' },
          { AttributeName: 'gsi1sk', KeyType: 'RANGE' },
        ],
        Projection: { ProjectionType: 'ALL' },
      },
    ]);
  });
});

describe('the user pool', () => {
  const pool = onlyOne('AWS::Cognito::UserPool', data).Properties;
  const client = onlyOne('AWS::Cognito::UserPoolClient', data).Properties;

  it('takes no sign-up but ours', () => {
    expect(pool.AdminCreateUserConfig).toEqual({ AllowAdminCreateUserOnly: true });
  });

  it('knows an account by its user name alone, case and all', () => {
    expect(pool).not.toHaveProperty('AliasAttributes');
    expect(pool).not.toHaveProperty('UsernameAttributes');
    expect(pool.UsernameConfiguration).toEqual({ CaseSensitive: true });
  });

  it('asks of a password what the contract asks, and no more', () => {
    expect(pool.Policies.PasswordPolicy).toMatchObject({
      MinimumLength: 8,
      RequireNumbers: true,
      RequireLowercase: false,
      RequireUppercase: false,
      RequireSymbols: false,
    });
  });

  it('can not be deleted by mistake', () => {
    expect(pool.DeletionProtection).toBe('ACTIVE');
    expect(onlyOne('AWS::Cognito::UserPool', data)).toMatchObject(kept);
  });

  it('lets its client in by the admin password flow and a refresh, with a secret, and by nothing else', () => {
    expect(client.GenerateSecret).toBe(true);
    expect(client.ExplicitAuthFlows.toSorted()).toEqual(['ALLOW_ADMIN_USER_PASSWORD_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH']);
    expect(client.AllowedOAuthFlows ?? []).toEqual([]);
    expect(client.SupportedIdentityProviders).toEqual(['COGNITO']);
  });

  it('lets the holder of a token write nothing: the one writable attribute can not be changed', () => {
    expect(client.WriteAttributes).toEqual(['custom:unused']);
    expect(pool.Schema).toEqual([expect.objectContaining({ Name: 'unused', Mutable: false })]);
  });

  it('has the scope to call it taken out of access tokens, which its feature plan lets a function do', () => {
    const [scopes, ...others] = Object.entries(data.findResources('AWS::Lambda::Function')).filter(
      ([, { Properties }]) => Properties.FunctionName === 'skyclust-dev-token-scopes',
    );
    expect(others).toEqual([]);
    const arn = { 'Fn::GetAtt': [scopes?.[0], 'Arn'] };
    expect(pool).toMatchObject({
      UserPoolTier: 'ESSENTIALS',
      LambdaConfig: { PreTokenGenerationConfig: { LambdaArn: arn, LambdaVersion: 'V2_0' } },
    });
    const [permission, ...more] = resourcesOf('AWS::Lambda::Permission', data).map(({ Properties }) => Properties);
    expect(more).toEqual([]);
    expect(permission).toMatchObject({
      Action: 'lambda:InvokeFunction',
      FunctionName: arn,
      Principal: 'cognito-idp.amazonaws.com',
      SourceArn: { 'Fn::GetAtt': [expect.stringMatching(/^Users/), 'Arn'] },
    });
  });

  it('does not tell whether an account exists, and can revoke its tokens', () => {
    expect(client).toMatchObject({ PreventUserExistenceErrors: 'ENABLED', EnableTokenRevocation: true });
  });

  it('has tokens that live as long as the stage says', () => {
    expect(client).toMatchObject({
      AccessTokenValidity: 60,
      IdTokenValidity: 60,
      TokenValidityUnits: { AccessToken: 'minutes', IdToken: 'minutes', RefreshToken: 'minutes' },
    });
  });
});

describe('what is kept', () => {
  it('has a key of its own for credentials, rotated, retained', () => {
    const key = onlyOne('AWS::KMS::Key', data);
    expect(key.Properties).toMatchObject({ EnableKeyRotation: true, PendingWindowInDays: 30 });
    expect(key).toMatchObject(kept);
    expect(onlyOne('AWS::KMS::Alias', data).Properties.AliasName).toBe('alias/skyclust-dev-credentials');
  });

  it('lies in a bucket that nobody reads but the edge, by TLS, and that stays', () => {
    const bucket = resourcesOf('AWS::S3::Bucket', data)[0] as ReturnType<typeof onlyOne>;
    expect(Object.values(bucket.Properties.PublicAccessBlockConfiguration)).toEqual([true, true, true, true]);
    expect(bucket.Properties).toHaveProperty('BucketEncryption');
    expect(bucket).toMatchObject(kept);
    const [policy] = resourcesOf('AWS::S3::BucketPolicy', data);
    const statements = policy?.Properties.PolicyDocument.Statement;
    expect(statements[0]).toMatchObject({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } });
    for (const statement of statements.slice(1)) {
      expect(statement.Principal).toEqual({ Service: 'cloudfront.amazonaws.com' });
      expect(statement.Condition.StringEquals).toEqual({ 'AWS:SourceAccount': '111122223333' });
    }
  });

  it('has an origin secret that is made, not written, and stands in us-east-1 too', () => {
    const secret = onlyOne('AWS::SecretsManager::Secret', data).Properties;
    expect(secret).not.toHaveProperty('SecretString');
    expect(secret.GenerateSecretString.PasswordLength).toBeGreaterThanOrEqual(40);
    expect(secret.ReplicaRegions).toEqual([{ Region: 'us-east-1' }]);
  });
});

describe('a deployment that fails to make the stack', () => {
  const resources = data.toJSON().Resources as Record<string, Resource>;
  const ids = (...types: string[]) => Object.keys(resources).filter((id) => types.includes(resources[id]?.Type ?? ''));
  const [table = ''] = ids('AWS::DynamoDB::Table');
  const [pool = ''] = ids('AWS::Cognito::UserPool');

  it('fails before there is anything that is protected against deletion, wherever a name may be taken', () => {
    const named = ids(
      'AWS::SES::EmailIdentity',
      'AWS::SES::ConfigurationSet',
      'AWS::S3::Bucket',
      'AWS::KMS::Alias',
      'AWS::SecretsManager::Secret',
      'AWS::SNS::Topic',
      'AWS::Logs::LogGroup',
      'AWS::Lambda::Function',
    );
    expect(named).toHaveLength(10);
    expect([resources[table]?.DependsOn].flat()).toEqual(expect.arrayContaining(named));
    expect([resources[pool]?.DependsOn].flat()).toContain(table);
  });

  it('leaves nothing behind that has a name of its own', () => {
    const stays = Object.values(resources).filter(({ DeletionPolicy }) => DeletionPolicy === 'Retain');
    expect(stays).toEqual([]);
  });
});

describe('the domain of mails', () => {
  const zone = ['domain=sky.example.com', 'hostedZoneId=Z1', 'hostedZoneName=example.com'];

  it('is made known to SES by the first stage that has it, and left alone by the next', () => {
    const [first, next] = [[], ['mailIdentity=false']].map((given) => synthesise('dev', ...zone, ...given));
    expect(resourcesOf('AWS::SES::EmailIdentity', first?.data)).toHaveLength(1);
    expect(resourcesOf('AWS::Route53::RecordSet', first?.data)).toHaveLength(3);
    for (const type of ['AWS::SES::EmailIdentity', 'AWS::Route53::RecordSet'])
      expect(resourcesOf(type, next?.data)).toEqual([]);
    expect(resourcesOf('AWS::SES::ConfigurationSet', next?.data)).toHaveLength(1);
    const rights = (stacks: typeof first) =>
      JSON.stringify(resourcesOf('AWS::IAM::Policy', stacks?.core)).match(/"ses:SendEmail"/g);
    expect(rights(next)).toEqual(rights(first));
  });
});

describe('the buckets of the audit log', () => {
  const buckets = resourcesOf('AWS::S3::Bucket', data);
  const named = (part: string) => {
    const found = buckets.filter(({ Properties }) => JSON.stringify(Properties.BucketName).includes(`-${part}-`));
    expect(found).toHaveLength(1);
    return found[0] as (typeof buckets)[number];
  };

  it.each(['anchors', 'exports'])('of %s is encrypted, closed to the public, and outlives its stack', (part) => {
    const bucket = named(part);
    expect(bucket.Properties).toMatchObject({
      BucketEncryption: {
        ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }],
      },
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      },
    });
    expect(bucket).toMatchObject(kept);
  });

  it('are reached by TLS alone', () => {
    const policies = resourcesOf('AWS::S3::BucketPolicy', data).map(({ Properties }) => JSON.stringify(Properties));
    for (const logicalId of ['AuditAnchors', 'Exports']) {
      const own = policies.filter((policy) => policy.includes(`{"Bucket":{"Ref":"${logicalId}`));
      expect(own).toHaveLength(1);
      expect(own[0]).toContain('"Condition":{"Bool":{"aws:SecureTransport":"false"}},"Effect":"Deny"');
    }
  });

  it('keep each version of an anchor locked for as long as the stage says, and never let one expire', () => {
    const { Properties } = named('anchors');
    expect(Properties).toMatchObject({
      VersioningConfiguration: { Status: 'Enabled' },
      ObjectLockEnabled: true,
      ObjectLockConfiguration: {
        ObjectLockEnabled: 'Enabled',
        Rule: { DefaultRetention: { Mode: 'GOVERNANCE', Days: 1_095 } },
      },
    });
    expect(Properties).not.toHaveProperty('LifecycleConfiguration');
    const strict = synthesise(
      'dev',
      'adminEmail=ops@example.com',
      'mailFrom=no-reply@example.com',
      'auditLock=compliance',
      'auditRetentionDays=30',
      'auditTableDays=0',
    );
    const locks = resourcesOf('AWS::S3::Bucket', strict.data).flatMap(
      ({ Properties: own }) => own.ObjectLockConfiguration?.Rule.DefaultRetention ?? [],
    );
    expect(locks).toEqual([{ Mode: 'COMPLIANCE', Days: 30 }]);
  });

  it('forget an export after 7 days', () => {
    expect(named('exports').Properties.LifecycleConfiguration.Rules).toEqual([
      { AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 }, ExpirationInDays: 7, Status: 'Enabled' },
    ]);
  });
});
