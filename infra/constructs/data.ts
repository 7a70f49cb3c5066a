import { Stack } from 'aws-cdk-lib';
import { type IUserPool, UserPool } from 'aws-cdk-lib/aws-cognito';
import { type ITable, Table } from 'aws-cdk-lib/aws-dynamodb';
import { type ITopic, Topic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { prefixOf, type Settings } from '../settings.ts';
import type { DataStack } from '../stacks/data.ts';
import type { MailIdentity } from './mail-identity.ts';
import { type ToldName, told } from './told.ts';

/** What the data stack keeps, as another stack knows it: by name where it has one of ours, else as it is told. */
export class Data extends Construct {
  readonly table: ITable;
  readonly userPool: IUserPool;
  /** Where alarms ring. */
  readonly alerts: ITopic;
  /** The audit chains' anchors. */
  readonly anchorBucketName: string;
  /** What was exported, for a few days. */
  readonly exportBucketName: string;
  readonly originSecretName: string;
  /** Undefined where the stage sends no mails. */
  readonly mails: MailIdentity | undefined;
  /** Open what other stages sealed, and seal nothing. */
  readonly formerCredentialsKeys: readonly string[];
  readonly #settings: Settings;

  constructor(scope: Construct, settings: Settings, data: DataStack) {
    super(scope, 'Data');
    const stack = Stack.of(this);
    stack.addStackDependency(data);
    const prefix = prefixOf(settings);
    this.#settings = settings;
    this.table = Table.fromTableName(this, 'Table', prefix);
    this.userPool = UserPool.fromUserPoolId(this, 'Users', this.#told('user-pool-id'));
    const alerts = stack.formatArn({ service: 'sns', resource: `${prefix}-alerts` });
    this.alerts = Topic.fromTopicArn(this, 'Alerts', alerts);
    this.anchorBucketName = data.anchorBucketName;
    this.exportBucketName = data.exportBucketName;
    this.originSecretName = data.originSecretName;
    this.mails = data.mails;
    this.formerCredentialsKeys = settings.formerCredentialsKeys;
  }

  get streamArn(): string {
    return this.#told('table-stream-arn');
  }

  get userPoolClientId(): string {
    return this.#told('user-pool-client-id');
  }

  get credentialsKeyArn(): string {
    return this.#told('credentials-key-arn');
  }

  get originSecretArn(): string {
    return this.#told('origin-secret-arn');
  }

  /** A stack asks for no parameter that it does not use. */
  #told(name: ToldName): string {
    return told(this, this.#settings, name);
  }
}
