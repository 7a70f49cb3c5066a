import { ArnFormat, RemovalPolicy, Stack, Validations } from 'aws-cdk-lib';
import { Rule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction as FunctionTarget } from 'aws-cdk-lib/aws-events-targets';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { DefinitionBody, LogLevel, StateMachine, StateMachineType } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { prefixOf, type Settings } from '../settings.ts';
import { acknowledgeWildcard } from './acknowledge.ts';
import { type Alarms, fiveMinutes } from './alarms.ts';
import type { PlatformFunction } from './platform-function.ts';
import type { Stage } from './stage.ts';

export interface SagaProps {
  /** The folder in state-machines/; the machine is called `<prefix>-<name>`, by which the relay starts it. */
  name: string;
  alarms: Alarms;
  /** The functions that the definition calls, by the name that stands for their ARN there, as `${VmStepsArn}`. */
  steps: Readonly<Record<string, PlatformFunction>>;
  /** Who is told of an execution that ended without its own Catch: timed out, stopped, or failed in its last state. */
  settledBy: { fn: PlatformFunction; deadLetters: IQueue };
}

/** Whoever adds a saga's name has its ARN, without depending on the stack that it is in. */
export const sagaArnPrefix = (scope: Construct, settings: Settings): string =>
  Stack.of(scope).formatArn({
    service: 'states',
    resource: 'stateMachine',
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    resourceName: `${prefixOf(settings)}-`,
  });

/** A standard state machine from its definition file: traced, logged without its data, alarmed. */
export class Saga extends Construct {
  constructor(scope: Construct, id: string, stage: Stage, { name, alarms, steps, settledBy }: SagaProps) {
    super(scope, id);
    const { settings } = stage;
    const stateMachineName = `${prefixOf(settings)}-${name}`;
    const role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('states.amazonaws.com'),
      description: `What executions of ${stateMachineName} may call`,
    });
    const arns = Object.values(steps).map((fn) => fn.lambda.functionArn);
    role.addToPolicy(new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: arns }));
    const machine = new StateMachine(this, 'Machine', {
      stateMachineName,
      stateMachineType: StateMachineType.STANDARD,
      definitionBody: DefinitionBody.fromString(stage.definitionOf(name)),
      definitionSubstitutions: Object.fromEntries(
        Object.entries(steps).map(([key, fn]) => [key, fn.lambda.functionArn]),
      ),
      role,
      tracingEnabled: true,
      logs: {
        destination: new LogGroup(this, 'Logs', {
          logGroupName: `/aws/vendedlogs/states/${stateMachineName}`,
          retention: settings.logDays,
          removalPolicy: RemovalPolicy.DESTROY,
        }),
        level: LogLevel.ALL,
        // What passes between states is ids; the log needs none of it.
        includeExecutionData: false,
      },
    });
    Validations.of(machine).acknowledge({
      id: 'CloudFormation-Validate::E1029',
      reason: 'What stands in ${…} is filled by DefinitionSubstitutions, not by Fn::Sub',
    });
    acknowledgeWildcard(role, '*', 'Delivery of vended logs and X-Ray take no narrower resource');
    new Rule(this, 'EndedBadly', {
      description: `Executions of ${name} that ended without settling their thing`,
      eventPattern: {
        source: ['aws.states'],
        detailType: ['Step Functions Execution Status Change'],
        detail: { stateMachineArn: [machine.stateMachineArn], status: ['FAILED', 'TIMED_OUT', 'ABORTED'] },
      },
      targets: [new FunctionTarget(settledBy.fn.lambda, { deadLetterQueue: settledBy.deadLetters })],
    });
    for (const [outcome, metric] of [
      ['failed', machine.metricFailed({ period: fiveMinutes })],
      ['timed-out', machine.metricTimedOut({ period: fiveMinutes })],
    ] as const) {
      alarms.watch(`${name}-${outcome}`, {
        metric,
        over: 0,
        meaning: `An execution of ${name} ended ${outcome}: it neither did its work nor undid it.`,
        action:
          'open the execution (its name begins with the id of its thing), read the failed state, settle the thing.',
        chapter: 'state-machine-failures',
      });
    }
  }
}
