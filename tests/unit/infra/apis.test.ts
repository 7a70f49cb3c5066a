import { describe, expect, it } from 'vitest';
import { relayedChanges } from '../../../contracts/relayed-types.ts';
import { routes } from '../../../contracts/routes.ts';
import { type Resource, resourcesOf, synthesise } from './templates.ts';

const { core, control } = synthesise('dev', 'adminEmail=ops@example.com', 'mailFrom=no-reply@example.com');
const httpRoutes = resourcesOf('AWS::ApiGatewayV2::Route', core, control).map(({ Properties }) => Properties);
const keys = httpRoutes.map(({ RouteKey }) => RouteKey as string);
const socketKeys = ['$connect', '$disconnect'];

describe('the HTTP API', () => {
  it('has the routes of the route table, and one for all others', () => {
    const expected = Object.values(routes).map(({ method, path }) => `${method} ${path}`);
    const http = keys.filter((key) => !socketKeys.includes(key));
    // `$default` is also the WebSocket API's.
    expect(http.toSorted()).toEqual([...expected, '$default', '$default'].toSorted());
  });

  it('has one integration a function, of payload 2.0', () => {
    const integrations = resourcesOf('AWS::ApiGatewayV2::Integration', core, control).filter(
      ({ Properties }) => Properties.PayloadFormatVersion !== undefined,
    );
    const serving = new Set(Object.values(routes).map(({ fn }) => fn));
    expect(integrations).toHaveLength(serving.size);
    for (const { Properties } of integrations) expect(Properties.PayloadFormatVersion).toBe('2.0');
  });

  it('sends each route to the function that the table names', () => {
    const stacks = [core, control].map((template) => template.toJSON().Resources as Record<string, Resource>);
    const seen: string[] = [];
    for (const resources of stacks) {
      for (const { Type, Properties } of Object.values(resources)) {
        const route = Object.values(routes).find(({ method, path }) => Properties?.RouteKey === `${method} ${path}`);
        if (Type !== 'AWS::ApiGatewayV2::Route' || route === undefined) continue;
        const [, { Ref: integrationId }] = Properties.Target['Fn::Join'][1];
        const [functionId] = resources[integrationId]?.Properties.IntegrationUri['Fn::GetAtt'] ?? [];
        expect(resources[functionId]?.Properties.FunctionName, route.id).toBe(`skyclust-dev-${route.fn}`);
        seen.push(route.id);
      }
    }
    expect(seen.toSorted()).toEqual(Object.keys(routes).toSorted());
  });

  it('may call each function by one permission, and the default route by one that covers it', () => {
    const sources = resourcesOf('AWS::Lambda::Permission', core, control)
      .filter(({ Properties }) => Properties.Principal === 'apigateway.amazonaws.com')
      .map(({ Properties }) => JSON.stringify(Properties.SourceArn));
    expect(sources.filter((source) => source.includes('/*/*/*'))).toHaveLength(
      new Set(Object.values(routes).map(({ fn }) => fn)).size,
    );
    expect(sources.filter((source) => source.includes('/*/$default'))).toHaveLength(1);
  });

  it('is served at its root, bounded, and logged', () => {
    const [stage] = resourcesOf('AWS::ApiGatewayV2::Stage', core).filter(
      ({ Properties }) => Properties.StageName === '$default',
    );
    expect(stage?.Properties).toMatchObject({
      AutoDeploy: true,
      DefaultRouteSettings: { ThrottlingRateLimit: 500, ThrottlingBurstLimit: 1000 },
    });
    expect(stage?.Properties.AccessLogSettings.Format).toContain('$context.routeKey');
  });
});

describe('the WebSocket API', () => {
  it('has its stage named after the path that the edge gives it', () => {
    const stages = resourcesOf('AWS::ApiGatewayV2::Stage', core).map(({ Properties }) => Properties.StageName);
    expect(stages.toSorted()).toEqual(['$default', 'ws']);
  });

  it('finds the account and region set up for its log, which other stages log by too: what sets it up outlives the stack', () => {
    const [stage] = resourcesOf('AWS::ApiGatewayV2::Stage', core).filter(
      ({ Properties }) => Properties.StageName === 'ws',
    );
    expect(stage?.Properties.AccessLogSettings.Format).toContain('$context.requestId');
    const accounts = Object.entries(core.findResources('AWS::ApiGateway::Account')) as [string, Resource][];
    expect(accounts).toHaveLength(1);
    const [[id, account]] = accounts as [[string, Resource]];
    expect([stage?.DependsOn].flat()).toContain(id);
    const role = core.findResources('AWS::IAM::Role')[account.Properties.CloudWatchRoleArn['Fn::GetAtt'][0]];
    expect(role?.Properties.AssumeRolePolicyDocument.Statement).toEqual([
      { Action: 'sts:AssumeRole', Effect: 'Allow', Principal: { Service: 'apigateway.amazonaws.com' } },
    ]);
    for (const kept of [account, role])
      expect(kept).toMatchObject({ DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' });
  });

  it('sends all that arrives to one function', () => {
    expect(keys).toEqual(expect.arrayContaining(socketKeys));
  });

  it('and the queues are fed by the events that are theirs, and no others', () => {
    const ofEvents = resourcesOf('AWS::Events::Rule', core).filter(({ Properties }) => Properties.EventPattern);
    const fed = ofEvents.map(({ Properties: { EventPattern, Targets } }) => [
      Targets[0].Arn['Fn::GetAtt'][0].replace(/(Function|Queue[0-9A-F]).*$/, ''),
      EventPattern.source,
      EventPattern['detail-type'].toSorted(),
    ]);
    expect(fed.toSorted()).toEqual([
      ['AuditExports', ['skyclust'], ['export_due']],
      ['Counters', ['skyclust'], ['thing_counted', 'vm_status_changed']],
      ['Mails', ['skyclust'], ['code_due', 'mail_due']],
      ['Notifications', ['skyclust'], ['notification_due', 'user_deleted']],
      ['memberprofiles', ['skyclust'], ['member_added', 'user_changed']],
      ['realtimepush', ['skyclust'], ['audit_log_created', 'notification_received', 'vm_status_changed']],
    ]);
  });
});

interface Pattern {
  eventName: string[];
  dynamodb: Partial<Record<'NewImage' | 'OldImage', { type: { S: string[] } }>>;
}

describe('the stream', () => {
  const sources = resourcesOf('AWS::Lambda::EventSourceMapping', core)
    .map(({ Properties }) => Properties)
    .filter(({ StartingPosition }) => StartingPosition !== undefined);
  const patternsOf = (index: number) =>
    sources[index]?.FilterCriteria.Filters.map(({ Pattern }: { Pattern: string }) => JSON.parse(Pattern));

  it('reports the records that failed, and is read from its beginning so that nothing is missed', () => {
    expect(sources.length).toBeGreaterThan(1);
    for (const source of sources) {
      expect(source).toMatchObject({
        StartingPosition: 'TRIM_HORIZON',
        BisectBatchOnFunctionError: true,
        FunctionResponseTypes: ['ReportBatchItemFailures'],
      });
    }
  });

  it('delivers entities alone: what has no type never arrives', () => {
    for (const pattern of [...patternsOf(0), ...patternsOf(1)]) {
      const { NewImage, OldImage } = pattern.dynamodb;
      expect((NewImage ?? OldImage).type.S.length).toBeGreaterThan(0);
    }
  });

  it('delivers those changes of an entity that have effects, and no others', () => {
    const arriving = (patternsOf(0) ?? [])
      .filter(({ dynamodb }: { dynamodb: { NewImage?: object; OldImage?: object } }) => {
        const image: object = dynamodb.NewImage ?? dynamodb.OldImage ?? {};
        return Object.keys(image).length === 1;
      })
      .map(({ eventName, dynamodb: { NewImage, OldImage } }: Pattern) => [
        eventName.join(),
        (NewImage ?? OldImage)?.type.S.toSorted(),
      ]);
    const wanted = (['INSERT', 'MODIFY', 'REMOVE'] as const).map((change) => {
      const types = Object.entries(relayedChanges).filter(([type, changes]: [string, readonly string[]]) => {
        return type !== 'audit' && changes.includes(change);
      });
      return [change, types.map(([type]) => type).toSorted()];
    });
    expect(Object.fromEntries(arriving)).toEqual(Object.fromEntries(wanted));
  });

  it('does not deliver the audit rows of reads to the relay', () => {
    const audit = patternsOf(0).filter(
      ({ dynamodb: { NewImage } }: { dynamodb: { NewImage?: { type: { S: string[] } } } }) =>
        NewImage?.type.S.includes('audit'),
    );
    expect(
      audit.map(({ dynamodb: { NewImage } }: { dynamodb: { NewImage: object } }) => Object.keys(NewImage)),
    ).toEqual([
      ['type', 'write'],
      ['type', 'success'],
    ]);
  });
});

describe.each([
  ['vm-lifecycle', 'vmsteps'],
  ['workspace-teardown', 'workspaceteardownsteps'],
])('the state machine %s', (name, steps) => {
  const [machine] = resourcesOf('AWS::StepFunctions::StateMachine', control)
    .map(({ Properties }) => Properties)
    .filter(({ StateMachineName }) => StateMachineName === `skyclust-dev-${name}`);

  it('has a name by which the relay may start it', () => {
    const [start] = resourcesOf('AWS::IAM::Policy', core)
      .flatMap(({ Properties }) => Properties.PolicyDocument.Statement)
      .filter(({ Action }) => Action === 'states:StartExecution');
    expect(machine).toBeDefined();
    expect(JSON.stringify(start.Resource)).toContain('stateMachine:skyclust-dev-*');
  });

  it('is traced, and logged without what passes between its states', () => {
    expect(machine.TracingConfiguration).toEqual({ Enabled: true });
    expect(machine.LoggingConfiguration).toMatchObject({ Level: 'ALL', IncludeExecutionData: false });
  });

  it('may call its steps and nothing else', () => {
    const role = machine.RoleArn['Fn::GetAtt'][0];
    const invocations = resourcesOf('AWS::IAM::Policy', control)
      .filter(({ Properties }) => Properties.Roles.some(({ Ref }: { Ref: string }) => Ref === role))
      .flatMap(({ Properties }) => Properties.PolicyDocument.Statement)
      .filter(({ Action }) => Action === 'lambda:InvokeFunction');
    expect(invocations).toHaveLength(1);
    expect(JSON.stringify(invocations[0].Resource)).toMatch(new RegExp(`^\\{"Fn::GetAtt":\\["${steps}`));
  });
});
