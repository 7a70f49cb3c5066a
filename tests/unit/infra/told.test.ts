import { describe, expect, it } from 'vitest';
import { resourcesOf, synthesise } from './templates.ts';

const { data, core, control, edge } = synthesise('dev', 'adminEmail=ops@example.com', 'mailFrom=no-reply@example.com');
const stacks = { data, core, control, edge };
type Parameters = Record<string, { Type: string; Default: string }>;

/** The names of the parameters that a stack is told by. */
const toldTo = (template: typeof data | undefined): string[] =>
  Object.values((template?.toJSON().Parameters ?? {}) as Parameters).flatMap(({ Type, Default }) =>
    Type === 'AWS::SSM::Parameter::Value<String>' && Default.startsWith('/skyclust-dev/') ? [Default] : [],
  );
const toldBy = (template: typeof data): string[] =>
  resourcesOf('AWS::SSM::Parameter', template).map(({ Properties }) => Properties.Name);

describe('what a stack needs of another', () => {
  // CloudFormation changes no exported value and takes no export away while somebody imports it: neither a rotation nor a way back would go through.
  it.each(Object.keys(stacks) as (keyof typeof stacks)[])('%s imports by no export', (name) => {
    const imported = JSON.stringify(stacks[name]?.toJSON()).matchAll(/"Fn::ImportValue":"([^"]*)"/g);
    expect([...imported].map(([, exported]) => exported)).toEqual([]);
  });

  it('is told by parameters of stacks that are deployed before', () => {
    expect(toldTo(data)).toEqual([]);
    expect(toldBy(data)).toEqual(expect.arrayContaining(toldTo(core)));
    expect([...toldBy(data), ...toldBy(core)]).toEqual(expect.arrayContaining(toldTo(control)));
    expect([...new Set([...toldTo(core), ...toldTo(control)])].toSorted()).toEqual(
      [...toldBy(data), ...toldBy(core)].toSorted(),
    );
  });

  it('crosses to the region of the edge by what never changes alone', () => {
    const [writer] = resourcesOf('Custom::CrossRegionExportWriter', core);
    const values = Object.values(writer?.Properties.WriterProps.exports);
    expect(values).toEqual([{ Ref: expect.stringMatching(/^HttpApi/) }, { Ref: expect.stringMatching(/^SocketApi/) }]);
  });
});

it('what stacks of version 0.1.0 import is still there', () => {
  const exportedBy = (template: typeof data) =>
    Object.values(template.toJSON().Outputs as Record<string, { Export?: { Name: string } }>).flatMap(
      ({ Export }) => Export?.Name.replace(/^.*:ExportsOutput/, '').replace(/[0-9A-F]{8}$/, '') ?? [],
    );
  expect(exportedBy(data).toSorted()).toEqual([
    'FnGetAttCredentialsKeyA24B74BFArn',
    'FnGetAttTableCD117FA1Arn',
    'FnGetAttTableCD117FA1StreamArn',
    'FnGetAttUsers0A0EEA89Arn',
    'RefAlerts91F83244',
    'RefCredentialsKeyA24B74BF',
    'RefMails0DC70ADE',
    'RefOriginSecret5DDC59F1',
    'RefTableCD117FA1',
    'RefUsers0A0EEA89',
    'RefUsersClientCC96A27D',
  ]);
  expect(exportedBy(core).toSorted()).toEqual(['FnGetAttOriginHashesHashes', 'RefHttpApi4E1D4184']);
});
