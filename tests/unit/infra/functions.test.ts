import type { Template } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { routes } from '../../../contracts/routes.ts';
import { leaseSeconds } from '../../../functions/identity/domain/sessions.ts';
import { findEntries } from '../../../infra/bundle.ts';
import { functions } from '../../../infra/functions.ts';
import { resourcesOf, synthesise } from './templates.ts';

const { data, core, control } = synthesise('dev', 'adminEmail=ops@example.com', 'mailFrom=no-reply@example.com');
const lambdas = resourcesOf('AWS::Lambda::Function', data, core, control)
  .map(({ Properties }) => Properties)
  .filter(({ FunctionName }) => FunctionName !== undefined);
const names = lambdas.map(({ FunctionName }) => FunctionName.replace('skyclust-dev-', ''));

describe('every function', () => {
  it('that is declared is deployed, and has an entry file', () => {
    expect(names.toSorted()).toEqual(Object.keys(functions).toSorted());
    expect([...findEntries().keys()].toSorted()).toEqual(Object.keys(functions).toSorted());
  });

  it('that a route names is declared', () => {
    const serving = new Set(Object.values(routes).map(({ fn }) => fn));
    expect([...serving].filter((name) => !Object.hasOwn(functions, name))).toEqual([]);
  });

  it.each(lambdas)('$FunctionName runs on Node 24 and arm64, traced, for a bounded time', (lambda) => {
    expect(lambda).toMatchObject({
      Runtime: 'nodejs24.x',
      Architectures: ['arm64'],
      TracingConfig: { Mode: 'Active' },
      Handler: 'index.handler',
    });
    // Nobody waits for audit-archive, and a large day takes it minutes.
    expect(lambda.Timeout).toBeLessThanOrEqual(lambda.FunctionName.endsWith('-audit-archive') ? 900 : 300);
    expect(lambda).not.toHaveProperty('ReservedConcurrentExecutions');
  });

  it('that a clock calls is not called again by Lambda for a tick that failed, nor for one that waited past the next', () => {
    const clocks = resourcesOf('AWS::Events::Rule', core, control).filter(
      ({ Properties }) => Properties.ScheduleExpression !== undefined,
    );
    const patience = resourcesOf('AWS::Lambda::EventInvokeConfig', core, control).map(({ Properties }) => Properties);
    expect(clocks.length).toBeGreaterThanOrEqual(4);
    expect(clocks.map(({ Properties }) => Properties.Targets[0].Arn['Fn::GetAtt'][0]).toSorted()).toEqual(
      patience.map(({ FunctionName }) => FunctionName.Ref).toSorted(),
    );
    for (const { MaximumRetryAttempts, MaximumEventAgeInSeconds } of patience) {
      expect(MaximumRetryAttempts).toBe(0);
      expect(MaximumEventAgeInSeconds).toBeLessThanOrEqual(21_600);
    }
  });

  it('that a clock calls is called by none once every clock is off', () => {
    const clocks = ['reconcile', 'timers', 'auditAnchor', 'auditArchive', 'accountSweep'];
    const off = synthesise('dev', ...clocks.map((clock) => `${clock}=false`));
    const rules = resourcesOf('AWS::Events::Rule', off.core, off.control).filter(
      ({ Properties }) => Properties.ScheduleExpression !== undefined,
    );
    expect(rules.map(({ Properties }) => Properties.State)).toEqual(clocks.map(() => 'DISABLED'));
  });

  it('that hands mails back to its own queue all night may do so, and no other may loop', () => {
    const looping = lambdas.filter(({ RecursiveLoop }) => RecursiveLoop === 'Allow');
    expect(looping.map(({ FunctionName }) => FunctionName)).toEqual(['skyclust-dev-send-mails']);
  });

  it('that replaces passwords ends before its lease does', () => {
    expect(functions['identity-api'].timeoutSeconds).toBeLessThan(leaseSeconds);
  });

  it.each(lambdas)('$FunctionName has no variable that looks like a secret', ({ Environment }) => {
    const secretish = /secret|password|token|private|credential|key$/i;
    // Their values are hashes and ids, which the next test holds them to.
    const known = ['ORIGIN_SECRET_SHA256', 'CREDENTIALS_KEY_ID'];
    const variables = Object.keys(Environment.Variables).filter((name) => !known.includes(name));
    expect(variables.filter((name) => secretish.test(name))).toEqual([]);
    expect(JSON.stringify(Environment)).not.toContain('resolve:secretsmanager');
  });

  it('gets the hash of the edge secret from the custom resource, never the secret', () => {
    const given = lambdas.flatMap(({ Environment }) => Environment.Variables.ORIGIN_SECRET_SHA256 ?? []);
    // Every function that is called through the edge: one a set of routes, and the sockets'.
    expect(given).toHaveLength(new Set(Object.values(routes).map(({ fn }) => fn)).size + 1);
    const hashes = { 'Fn::GetAtt': ['OriginHashes', 'Hashes'] };
    for (const value of given) expect([hashes, { Ref: expect.stringMatching(/originhashes/) }]).toContainEqual(value);
    const told = resourcesOf('AWS::SSM::Parameter', core).map(({ Properties }) => Properties);
    expect(told).toContainEqual(expect.objectContaining({ Name: '/skyclust-dev/origin-hashes', Value: hashes }));
  });

  it.each(Object.values(functions).map((_, index) => names[index]))(
    '%s has a log group of its own that forgets',
    (name) => {
      const groups = resourcesOf('AWS::Logs::LogGroup', data, core, control).map(({ Properties }) => Properties);
      expect(groups.filter(({ LogGroupName }) => LogGroupName === `/aws/lambda/skyclust-dev-${name}`)).toEqual([
        expect.objectContaining({ RetentionInDays: 14 }),
      ]);
    },
  );
});

describe('the local stage', () => {
  const local = synthesise('local');

  it('differs from AWS in its environment by the meter and the address of its sockets alone', () => {
    const environmentsOf = (...templates: Template[]): Record<string, string[]> =>
      Object.fromEntries(
        resourcesOf('AWS::Lambda::Function', ...templates).map(({ Properties }) => [
          Properties.Environment?.Variables.POWERTOOLS_SERVICE_NAME,
          Object.keys(Properties.Environment?.Variables ?? {}),
        ]),
      );
    const [onAws, here] = [environmentsOf(data, core, control), environmentsOf(local.data, local.core, local.control)];
    for (const [name, variables] of Object.entries(here)) {
      expect(variables.filter((variable) => variable !== 'METER_HEADER').toSorted()).toEqual(onAws[name]?.toSorted());
    }
  });

  it('has no edge stack and no replica of the secret', () => {
    expect(local.edge).toBeUndefined();
    const [secret] = resourcesOf('AWS::SecretsManager::Secret', local.data);
    expect(secret?.Properties).not.toHaveProperty('ReplicaRegions');
    expect(resourcesOf('AWS::SecretsManager::Secret', data)[0]?.Properties).toHaveProperty('ReplicaRegions');
  });
});
