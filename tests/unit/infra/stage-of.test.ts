import { afterEach, expect, it, vi } from 'vitest';
import { stageOf } from '../../../infra/commands/stage-of.ts';

const stages = { local: { region: 'eu-west-1' }, dev: {}, prod: { region: 'ap-northeast-2' } };
const context = { tryGetContext: (name: string) => ({ stage: 'dev', stages })[name] };

afterEach(() => vi.unstubAllEnvs());

it('a command is for the region of its stage, whatever the shell has', () => {
  vi.stubEnv('AWS_REGION', 'us-east-1');
  vi.stubEnv('STAGE', undefined);
  expect([stageOf(undefined, context), process.env.AWS_REGION]).toEqual(['dev', 'us-east-1']);
  expect([stageOf('prod', context), process.env.AWS_REGION]).toEqual(['prod', 'ap-northeast-2']);
});

it('a command is for no stage that is not in cdk.json', () => {
  expect(() => stageOf('prd', context)).toThrow('cdk.json has no stage prd: there is local, dev, prod');
});
