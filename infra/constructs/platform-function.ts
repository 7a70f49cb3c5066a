import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Effect, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Architecture, Function as LambdaFunction, RecursiveLoop, Runtime, Tracing } from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { type DeclaredFunction, type FunctionSpec, functions } from '../functions.ts';
import { prefixOf } from '../settings.ts';
import { acknowledgeWildcard } from './acknowledge.ts';
import { type Alarms, type Chapter, fiveMinutes } from './alarms.ts';
import type { Stage } from './stage.ts';
import { visitorName } from './visitor-roles.ts';

export interface PlatformFunctionProps {
  name: DeclaredFunction;
  alarms: Alarms;
  environment?: Record<string, string>;
  /** Where an asynchronous invocation goes after its retries. */
  deadLetterQueue?: IQueue;
  /** Of the runbook: what an error of it means, where that is more than an error. */
  chapter?: Chapter;
}

type Conditions = Record<string, Record<string, unknown>>;

/** A function of ours: its own role, its own log group with an end, traced, alarmed. */
export class PlatformFunction extends Construct {
  readonly lambda: LambdaFunction;
  readonly role: Role;

  constructor(scope: Construct, id: string, stage: Stage, props: PlatformFunctionProps) {
    super(scope, id);
    const { name } = props;
    const { settings, version } = stage;
    const spec: FunctionSpec = functions[name];
    const functionName = `${prefixOf(settings)}-${name}`;
    const logGroup = new LogGroup(this, 'Logs', {
      logGroupName: `/aws/lambda/${functionName}`,
      retention: settings.logDays,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    // Its own role: AWS's managed policy for basic execution may write to any log group.
    this.role = new Role(this, 'Role', {
      ...(spec.assumesRoles === true && { roleName: visitorName(settings, name) }),
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
      description: `What ${functionName} may do`,
    });
    this.lambda = new LambdaFunction(this, 'Function', {
      functionName,
      description: spec.description,
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      handler: 'index.handler',
      code: stage.codeOf(name),
      memorySize: spec.memoryMb ?? 512,
      timeout: Duration.seconds(spec.timeoutSeconds ?? 15),
      tracing: Tracing.ACTIVE,
      role: this.role,
      logGroup,
      ...(spec.loops === true && { recursiveLoop: RecursiveLoop.ALLOW }),
      ...(props.deadLetterQueue && { deadLetterQueue: props.deadLetterQueue }),
      environment: {
        STAGE: settings.stage,
        VERSION: version,
        POWERTOOLS_SERVICE_NAME: name,
        LOG_LEVEL: 'INFO',
        ...props.environment,
      },
    });
    this.allow(['logs:CreateLogStream', 'logs:PutLogEvents'], [logGroup.logGroupArn]);
    acknowledgeWildcard(
      this.role,
      '*',
      'X-Ray takes no narrower resource for PutTraceSegments and PutTelemetryRecords',
    );
    if (spec.assumesRoles === true) this.#allowAssume();
    this.#watch(props, spec.usualErrors ?? 0);
  }

  allow(actions: string[], resources: string[], conditions?: Conditions): void {
    this.#add(Effect.ALLOW, actions, resources, conditions);
  }

  /** A right that takes a wildcard, with the reason. */
  allowAny(actions: string[], resource: string, reason: string): void {
    this.allow(actions, [resource]);
    acknowledgeWildcard(this.role, resource, reason);
  }

  deny(actions: string[], resources: string[], conditions?: Conditions): void {
    this.#add(Effect.DENY, actions, resources, conditions);
  }

  /**
   * May assume roles of users' accounts, whichever they are, and never without an external id. None of our own account: some there, as those of the
   * CDK's bootstrap, let in whoever belongs to it.
   */
  #allowAssume(): void {
    const { partition, account } = Stack.of(this);
    const anywhere = `arn:${partition}:iam::*:role/*`;
    const ours = `arn:${partition}:iam::${account}:role/*`;
    this.allow(['sts:AssumeRole'], [anywhere], { Null: { 'sts:ExternalId': 'false' } });
    this.deny(['sts:AssumeRole'], [ours]);
    acknowledgeWildcard(
      this.role,
      anywhere,
      'Users name roles of accounts of their own, which trust us by an external id',
    );
    acknowledgeWildcard(this.role, ours, 'It denies: no role of our own account may be assumed by what a user names');
  }

  #add(effect: Effect, actions: string[], resources: string[], conditions: Conditions | undefined): void {
    this.role.addToPolicy(new PolicyStatement({ effect, actions, resources, ...(conditions && { conditions }) }));
  }

  #watch({ alarms, name, chapter = 'function-errors' }: PlatformFunctionProps, usualErrors: number): void {
    alarms.watch(`${name}-errors`, {
      metric: this.lambda.metricErrors({ period: fiveMinutes }),
      over: usualErrors,
      meaning: `${name} ended with an error that it did not handle, or ran out of time or memory.`,
      action: `read its log (npm run logs ${name} locally), mend or roll back.`,
      chapter,
    });
    alarms.watch(`${name}-throttles`, {
      metric: this.lambda.metricThrottles({ period: fiveMinutes }),
      over: 0,
      meaning: `${name} was refused an execution: the account's concurrency is used up.`,
      action: 'find which function takes it, then ask for a higher quota.',
      chapter: 'function-throttles',
    });
  }
}
