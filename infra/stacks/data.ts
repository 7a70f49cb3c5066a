import { CfnOutput, Duration, RemovalPolicy, Stack, type StackProps } from 'aws-cdk-lib';
import { AccountRecovery, FeaturePlan, Mfa, UserPool, UserPoolClient } from 'aws-cdk-lib/aws-cognito';
import { AttributeType, BillingMode, StreamViewType, Table, TableEncryption } from 'aws-cdk-lib/aws-dynamodb';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { BlockPublicAccess, Bucket, BucketEncryption } from 'aws-cdk-lib/aws-s3';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Topic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import { acknowledge } from '../constructs/acknowledge.ts';
import { Alarms, fiveMinutes } from '../constructs/alarms.ts';
import { alertTopic } from '../constructs/alert-topic.ts';
import type { Stage } from '../constructs/stage.ts';
import { isLocal } from '../local-stage.ts';
import { prefixOf } from '../settings.ts';

/** What must outlive every deployment: the table, the keys, the accounts, the site's bucket. */
export class DataStack extends Stack {
  readonly table: Table;
  readonly credentialsKey: Key;
  readonly userPool: UserPool;
  readonly userPoolClient: UserPoolClient;
  readonly siteBucketName: string;
  readonly originSecret: Secret;
  readonly originSecretName: string;

  /** Where alarms ring. */
  readonly alerts: Topic;

  constructor(scope: Construct, id: string, { settings }: Stage, props: StackProps) {
    super(scope, id, props);
    const prefix = prefixOf(settings);
    this.alerts = alertTopic(this, settings);
    const alarms = new Alarms(this, 'Alarms', settings, this.alerts);

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

    for (const kind of ['Read', 'Write']) {
      alarms.watch(`table-${kind.toLowerCase()}-throttles`, {
        metric: this.table.metric(`${kind}ThrottleEvents`, { period: fiveMinutes, statistic: 'Sum' }),
        over: 10,
        meaning: `The table refused more than 10 ${kind.toLowerCase()}s in 5 minutes: one key takes more than a partition gives, or a burst outran the table's growth.`,
        action: 'find the hot key (CloudWatch Contributor Insights); warm the table up before an announced burst.',
        chapter: 'table-refusals',
      });
    }

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
      passwordPolicy: {
        minLength: 8,
        requireDigits: true,
        requireLowercase: false,
        requireUppercase: false,
        requireSymbols: false,
        tempPasswordValidity: Duration.days(7),
      },
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

    this.siteBucketName = `${prefix}-site-${this.account}-${this.region}`;
    const site = new Bucket(this, 'Site', {
      bucketName: this.siteBucketName,
      encryption: BucketEncryption.S3_MANAGED,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      enforceSSL: true,
      removalPolicy: RemovalPolicy.RETAIN,
    });

    // Not one distribution alone: that would tie this stack to the edge's. ListBucket makes a missing file a 404, not a 403.
    const edge = {
      principals: [new ServicePrincipal('cloudfront.amazonaws.com')],
      conditions: {
        StringEquals: { 'AWS:SourceAccount': this.account },
        ArnLike: { 'AWS:SourceArn': `arn:${this.partition}:cloudfront::${this.account}:distribution/*` },
      },
    };
    site.addToResourcePolicy(
      new PolicyStatement({ ...edge, actions: ['s3:GetObject'], resources: [site.arnForObjects('*')] }),
    );
    site.addToResourcePolicy(new PolicyStatement({ ...edge, actions: ['s3:ListBucket'], resources: [site.bucketArn] }));

    this.originSecretName = `${prefix}-origin`;
    this.originSecret = new Secret(this, 'OriginSecret', {
      secretName: this.originSecretName,
      description: 'What our edge sends to prove itself to the API',
      generateSecretString: { passwordLength: 48, excludePunctuation: true },
      // The edge's stack is in us-east-1 and reads it there.
      ...(this.region !== 'us-east-1' && !isLocal(settings) && { replicaRegions: [{ region: 'us-east-1' }] }),
    });

    acknowledge(this.userPool, {
      COG1: 'The product asks for 8 characters with a letter and a digit; the API checks both, and counts failures',
      COG2: 'No second factor in the product yet',
      COG3: 'Failures are counted by account and address before Cognito is asked; threat protection costs 0.05 USD a user',
      COG8: 'The same: the plan that has threat protection',
    });
    acknowledge(site, { S1: "Holds the public site; who reads it stands in the edge's log" });
    acknowledge(this.originSecret, {
      SMG4: 'Rotated by hand with two values good at once (docs/runbook.md): CloudFront must be deployed in between',
    });
    const outputs: Record<string, string> = {
      TableName: this.table.tableName,
      UserPoolId: this.userPool.userPoolId,
      UserPoolClientId: this.userPoolClient.userPoolClientId,
      CredentialsKeyId: this.credentialsKey.keyId,
      SiteBucketName: this.siteBucketName,
      OriginSecretName: this.originSecretName,
    };
    for (const [name, value] of Object.entries(outputs)) new CfnOutput(this, name, { value });
  }
}
