import { CfnOutput, Duration, RemovalPolicy, Stack, type StackProps } from 'aws-cdk-lib';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';
import { addAccounts } from '../constructs/accounts.ts';
import { acknowledge } from '../constructs/acknowledge.ts';
import { Alarms } from '../constructs/alarms.ts';
import { alertTopic } from '../constructs/alert-topic.ts';
import { addAnchorBucket, addExportBucket } from '../constructs/audit-buckets.ts';
import { addMailIdentity, type MailIdentity } from '../constructs/mail-identity.ts';
import { makeProtectedLast } from '../constructs/make-protected-last.ts';
import { addTable } from '../constructs/platform-table.ts';
import { addSiteBucket } from '../constructs/site-bucket.ts';
import type { Stage } from '../constructs/stage.ts';
import { keepExported, tell } from '../constructs/told.ts';
import { isLocal } from '../local-stage.ts';
import { ownSettings, prefixOf } from '../settings.ts';

/**
 * What must outlive every deployment: the table, the keys, the accounts, the site's bucket. They go again with the deployment that fails to make them: by their
 * names the next one would fail, too.
 */
export class DataStack extends Stack {
  readonly siteBucketName: string;
  /** The audit chains' anchors. */
  readonly anchorBucketName: string;
  /** What was exported, for a few days. */
  readonly exportBucketName: string;
  readonly originSecretName: string;
  /** Undefined where the stage sends no mails. */
  readonly mails: MailIdentity | undefined;

  constructor(scope: Construct, id: string, stage: Stage, props: StackProps) {
    super(scope, id, props);
    const { settings } = stage;
    const prefix = prefixOf(settings);
    const alerts = alertTopic(this, settings, 'alerts');
    const alarms = new Alarms(this, 'Alarms', settings, alerts);
    const table = addTable(this, settings, alarms);
    const { userPool, userPoolClient } = addAccounts(this, stage, alarms);
    this.siteBucketName = `${prefix}-site-${this.account}-${this.region}`;
    addSiteBucket(this, this.siteBucketName);
    this.anchorBucketName = `${prefix}-anchors-${this.account}-${this.region}`;
    addAnchorBucket(this, this.anchorBucketName, settings);
    this.exportBucketName = `${prefix}-exports-${this.account}-${this.region}`;
    addExportBucket(this, this.exportBucketName);
    this.mails = addMailIdentity(this, settings, alarms);

    const credentialsKey = new Key(this, 'CredentialsKey', {
      alias: `${prefix}-credentials`,
      description: 'Envelope key of the cloud credentials that users entrust',
      enableKeyRotation: true,
      pendingWindow: Duration.days(30),
      removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    });

    this.originSecretName = `${prefix}-origin`;
    const originSecret = new Secret(this, 'OriginSecret', {
      secretName: this.originSecretName,
      description: 'What our edge sends to prove itself to the API',
      generateSecretString: { passwordLength: 48, excludePunctuation: true },
      // The edge's stack is in us-east-1 and reads it there.
      ...(this.region !== 'us-east-1' && !isLocal(settings) && { replicaRegions: [{ region: 'us-east-1' }] }),
    });
    acknowledge(originSecret, {
      SMG4: 'Rotated by hand with two values good at once (docs/runbook.md): CloudFront must be deployed in between',
    });

    tell(this, settings, {
      'table-stream-arn': String(table.tableStreamArn),
      'user-pool-id': userPool.userPoolId,
      'user-pool-client-id': userPoolClient.userPoolClientId,
      'credentials-key-arn': credentialsKey.keyArn,
      'origin-secret-arn': originSecret.secretArn,
    });
    keepExported(
      this,
      alerts.topicArn,
      table.tableArn,
      table.tableName,
      table.tableStreamArn,
      userPool.userPoolArn,
      userPool.userPoolId,
      userPoolClient.userPoolClientId,
      credentialsKey.keyArn,
      credentialsKey.keyId,
      originSecret.secretArn,
    );
    const outputs: Record<string, string> = {
      TableName: table.tableName,
      UserPoolId: userPool.userPoolId,
      UserPoolClientId: userPoolClient.userPoolClientId,
      CredentialsKeyId: credentialsKey.keyId,
      SiteBucketName: this.siteBucketName,
      AnchorBucketName: this.anchorBucketName,
      ExportBucketName: this.exportBucketName,
      OriginSecretName: this.originSecretName,
      // A later deployment compares its own with them.
      Settings: JSON.stringify(ownSettings(settings)),
    };
    for (const [name, value] of Object.entries(outputs)) new CfnOutput(this, name, { value });
    makeProtectedLast(this);
  }
}
