import { CfnOutput, Duration, RemovalPolicy, Stack, type StackProps } from 'aws-cdk-lib';
import { AccountRecovery, FeaturePlan, Mfa, UserPool, UserPoolClient } from 'aws-cdk-lib/aws-cognito';
import { AttributeType, BillingMode, StreamViewType, Table, TableEncryption } from 'aws-cdk-lib/aws-dynamodb';
import { Key } from 'aws-cdk-lib/aws-kms';
import { BlockPublicAccess, Bucket, BucketEncryption } from 'aws-cdk-lib/aws-s3';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';
import { prefixOf, type Settings } from '../settings.ts';

/** What must outlive every deployment: the table, the keys, the accounts, the site's bucket. */
export class DataStack extends Stack {
  readonly table: Table;
  readonly credentialsKey: Key;
  readonly userPool: UserPool;
  readonly userPoolClient: UserPoolClient;
  readonly siteBucket: Bucket;
  readonly originSecret: Secret;
  readonly originSecretName: string;

  constructor(scope: Construct, id: string, settings: Settings, props: StackProps) {
    super(scope, id, props);
    const prefix = prefixOf(settings);

    this.table = new Table(this, 'Table', {
      tableName: prefix,
      partitionKey: { name: 'pk', type: AttributeType.STRING },
      sortKey: { name: 'sk', type: AttributeType.STRING },
      billingMode: BillingMode.PAY_PER_REQUEST,
      encryption: TableEncryption.DEFAULT,
      stream: StreamViewType.NEW_AND_OLD_IMAGES,
      timeToLiveAttribute: 'ttl',
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      deletionProtection: true,
      removalPolicy: RemovalPolicy.RETAIN,
    });
    this.table.addGlobalSecondaryIndex({
      indexName: 'gsi1',
      partitionKey: { name: 'gsi1pk', type: AttributeType.STRING },
      sortKey: { name: 'gsi1sk', type: AttributeType.STRING },
    });

    this.credentialsKey = new Key(this, 'CredentialsKey', {
      alias: `${prefix}-credentials`,
      description: 'Envelope key of the cloud credentials that users entrust',
      enableKeyRotation: true,
      pendingWindow: Duration.days(30),
      removalPolicy: RemovalPolicy.RETAIN,
    });

    this.userPool = new UserPool(this, 'Users', {
      userPoolName: prefix,
      selfSignUpEnabled: false,
      signInAliases: { username: true },
      signInCaseSensitive: true,
      featurePlan: FeaturePlan.ESSENTIALS,
      mfa: Mfa.OFF,
      accountRecovery: AccountRecovery.NONE,
      passwordPolicy: { minLength: 8, requireDigits: true, requireLowercase: false, requireUppercase: false, requireSymbols: false, tempPasswordValidity: Duration.days(7) },
      deletionProtection: true,
      removalPolicy: RemovalPolicy.RETAIN,
    });
    this.userPoolClient = new UserPoolClient(this, 'UsersClient', {
      userPool: this.userPool,
      userPoolClientName: 'api',
      generateSecret: true,
      authFlows: { adminUserPassword: true },
      disableOAuth: true,
      preventUserExistenceErrors: true,
      enableTokenRevocation: true,
      accessTokenValidity: Duration.hours(settings.tokenHours),
      idTokenValidity: Duration.hours(settings.tokenHours),
      refreshTokenValidity: Duration.days(settings.sessionDays),
    });

    this.siteBucket = new Bucket(this, 'Site', {
      encryption: BucketEncryption.S3_MANAGED,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      enforceSSL: true,
      removalPolicy: RemovalPolicy.RETAIN,
    });

    this.originSecretName = `${prefix}-origin`;
    this.originSecret = new Secret(this, 'OriginSecret', {
      secretName: this.originSecretName,
      description: 'What our edge sends to prove itself to the API',
      generateSecretString: { passwordLength: 48, excludePunctuation: true },
    });

    const outputs: Record<string, string> = {
      TableName: this.table.tableName,
      UserPoolId: this.userPool.userPoolId,
      UserPoolClientId: this.userPoolClient.userPoolClientId,
      CredentialsKeyId: this.credentialsKey.keyId,
      SiteBucketName: this.siteBucket.bucketName,
      OriginSecretName: this.originSecretName,
    };
    for (const [name, value] of Object.entries(outputs)) new CfnOutput(this, name, { value });
  }
}
