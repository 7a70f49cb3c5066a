import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  DescribeInstancesCommand,
  EC2Client,
  RunInstancesCommand,
  type RunInstancesCommandInput,
  TerminateInstancesCommand,
} from '@aws-sdk/client-ec2';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createEc2Proxy, type Ec2Fault, type Ec2Proxy } from '../../../local/ec2-proxy/create-ec2-proxy.ts';
import { ec2Answers, ec2Command } from '../../../local/emulator/start-emulator.ts';
import { readSettings } from '../../../local/settings.ts';
import { findPort } from '../../support/ports.ts';
import { until } from '../../support/until.ts';

describe('EC2 with client tokens', () => {
  let dir: string;
  let moto: ChildProcess;
  let proxy: Ec2Proxy;
  let ec2: EC2Client;
  let fault: ((action: string) => Ec2Fault | undefined) | undefined;
  let token = 0;

  beforeAll(async () => {
    dir = mkdtempSync(join(tmpdir(), 'skyclust-ec2-'));
    const port = await findPort();
    const { file, args, env } = ec2Command({ ...readSettings({}), dir }, port);
    moto = spawn(file, [...args, '--attached'], { env, stdio: ['pipe', 'ignore', 'ignore'] });
    await until('moto answers', async () => ec2Answers(port));
    proxy = createEc2Proxy({ target: `http://127.0.0.1:${port}`, onRequest: ({ action }) => fault?.(action) });
    await new Promise<void>((done) => proxy.server.listen(0, '127.0.0.1', done));
    const endpoint = `http://127.0.0.1:${(proxy.server.address() as AddressInfo).port}`;
    const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
    ec2 = new EC2Client({ endpoint, region: 'eu-west-1', credentials, maxAttempts: 1 });
  });
  afterAll(async () => {
    proxy.server.closeAllConnections();
    proxy.server.close();
    const ended = once(moto, 'exit');
    moto.kill('SIGKILL');
    await ended;
    rmSync(dir, { recursive: true, force: true });
  });
  beforeEach(() => {
    fault = undefined;
    token += 1;
  });

  const run = async (over: Partial<RunInstancesCommandInput> = {}) => {
    const input = { ImageId: 'ami-12c6146b', InstanceType: 't3.micro', MinCount: 1, MaxCount: 1 } as const;
    const { Instances } = await ec2.send(new RunInstancesCommand({ ...input, ClientToken: `token-${token}`, ...over }));
    return Instances?.map(({ InstanceId }) => InstanceId ?? '') ?? [];
  };
  const existing = async () => {
    const { Reservations = [] } = await ec2.send(new DescribeInstancesCommand({}));
    return Reservations.flatMap(({ Instances = [] }) => Instances).length;
  };

  it('the same token and parameters answer the same machines, launched once', async () => {
    const before = await existing();
    const TagSpecifications = [{ ResourceType: 'instance' as const, Tags: [{ Key: 'of', Value: 'a&b' }] }];
    const first = await run({ MinCount: 2, MaxCount: 2, TagSpecifications });
    expect(first).toHaveLength(2);
    expect((await run({ MinCount: 2, MaxCount: 2, TagSpecifications })).sort()).toEqual(first.sort());
    expect(await existing()).toBe(before + 2);
  });

  it('twenty at once with one token launch one machine', async () => {
    const before = await existing();
    const ids = await Promise.all(Array.from({ length: 20 }, () => run()));
    expect(new Set(ids.flat()).size).toBe(1);
    expect(await existing()).toBe(before + 1);
  });

  it('the same token with another parameter is IdempotentParameterMismatch', async () => {
    await run();
    await expect(run({ InstanceType: 't3.small' })).rejects.toMatchObject({ name: 'IdempotentParameterMismatch' });
  });

  it('another token, or none, launches another machine', async () => {
    const first = await run();
    token += 1;
    expect(await run()).not.toEqual(first);
    expect(await run({ ClientToken: undefined })).not.toEqual(await run({ ClientToken: undefined }));
  });

  it('the token of a terminated machine is IdempotentInstanceTerminated', async () => {
    await ec2.send(new TerminateInstancesCommand({ InstanceIds: await run() }));
    await expect(run()).rejects.toMatchObject({ name: 'IdempotentInstanceTerminated' });
  });

  it('a refused launch does not use its token up', async () => {
    fault = () => ({ kind: 'error', code: 'InsufficientInstanceCapacity', status: 500 });
    await expect(run()).rejects.toMatchObject({ name: 'InsufficientInstanceCapacity' });
    fault = undefined;
    await expect(run({ InstanceType: 'none.such' as 't3.micro' })).rejects.toMatchObject({
      name: 'InvalidInstanceType.NotFound',
    });
    expect(await run()).toHaveLength(1);
  });

  it('a launch whose answer was lost is found again by its token', async () => {
    const before = await existing();
    fault = (action) => (action === 'RunInstances' ? { kind: 'drop', when: 'after' } : undefined);
    await expect(run()).rejects.toThrow();
    fault = undefined;
    expect(await existing()).toBe(before + 1);
    expect(await run()).toHaveLength(1);
    expect(await existing()).toBe(before + 1);
  });

  it('a dropped or throttled call has no effect, and each fault is counted', async () => {
    const before = await existing();
    const counted = proxy.faults.get('throttle') ?? 0;
    fault = () => ({ kind: 'throttle' });
    await expect(run()).rejects.toMatchObject({ name: 'RequestLimitExceeded', $metadata: { httpStatusCode: 503 } });
    fault = () => ({ kind: 'drop', when: 'before' });
    await expect(run()).rejects.toThrow();
    fault = undefined;
    expect(proxy.faults.get('throttle')).toBe(counted + 1);
    expect(await existing()).toBe(before);
  });
});
