import { DescribeInstancesCommand, type EC2Client } from '@aws-sdk/client-ec2';
import { describe, expect, it } from 'vitest';
import { ProviderError } from '../../../functions/compute/domain/provider-error.ts';
import { createAwsProvider } from '../../../functions/compute/providers/aws/aws-provider.ts';
import { readAwsError } from '../../../functions/compute/providers/aws/read-aws-error.ts';
import { answerTimeout, awsError, connectTimeout, networkError } from '../../support/aws-errors.ts';

const read = (error: unknown) => {
  const read = readAwsError(error);
  return read instanceof ProviderError ? `${read.name} ${read.effect}` : read;
};

describe('an error of EC2', () => {
  it('is told apart by its code', () => {
    const codes = {
      RequestLimitExceeded: 'ProviderThrottled none',
      AuthFailure: 'CredentialRejected none',
      UnauthorizedOperation: 'CredentialRejected none',
      InsufficientInstanceCapacity: 'CapacityLacking none',
      VcpuLimitExceeded: 'QuotaOfCloudReached none',
      'InvalidAMIID.NotFound': 'ImageNotFound none',
      'InvalidInstanceID.NotFound': 'MachineGone none',
      IncorrectInstanceState: 'MachineBusy none',
      IdempotentInstanceTerminated: 'LaunchSpent none',
      'InvalidKeyPair.NotFound': 'ProviderRefused none',
      InvalidParameterValue: 'ProviderRefused none',
    };
    for (const [code, expected] of Object.entries(codes))
      expect([code, read(awsError(code, 400))]).toEqual([code, expected]);
  });

  it('about an image that the account may not use says so, and nothing of the credential', () => {
    const said = (code: string, message: string, status: number) =>
      readAwsError(Object.assign(awsError(code, status), { message })) as Error;
    const terms =
      'In order to use this AWS Marketplace product you need to accept terms and subscribe. To do so please visit https://aws.amazon.com/marketplace/pp?sku=8fvdn95s5ev33cprr62nq3q7t';
    const rows = [
      ['AuthFailure', 'Not authorized for images: [ami-0123456789abcdef0]', 400, 'ImageNotFound'],
      ['AuthFailure', 'AWS was not able to validate the provided access credentials', 401, 'CredentialRejected'],
      ['OptInRequired', terms, 401, 'ProviderRefused'],
      [
        'OptInRequired',
        'You are not subscribed to this service. Please go to http://aws.amazon.com to subscribe.',
        401,
        'CredentialRejected',
      ],
    ] as const;
    for (const [code, message, status, name] of rows)
      expect(said(code, message, status)).toMatchObject({ name, message: `${code}: ${message}` });
  });

  it('of its own making leaves open whether it did what was asked', () => {
    expect(read(awsError('InternalError', 500))).toBe('ProviderUnavailable unknown');
    expect(read(awsError('Unavailable', 503))).toBe('ProviderUnavailable unknown');
    expect(read(answerTimeout())).toBe('ProviderUnavailable unknown');
    expect(read(connectTimeout())).toBe('ProviderUnavailable unknown');
    expect(read(networkError('ECONNRESET'))).toBe('ProviderUnavailable unknown');
    expect(read(new SyntaxError('not XML'))).toBe('ProviderUnavailable unknown');
  });

  it('that never reached it did nothing', () => {
    expect(read(networkError('ECONNREFUSED', 'connect'))).toBe('ProviderUnavailable none');
    expect(read(networkError('ENOTFOUND', 'getaddrinfo'))).toBe('ProviderUnavailable none');
  });

  it('from a region that there is not is a refusal: it has no host', () => {
    const lost = (hostname: string) => Object.assign(networkError('ENOTFOUND', 'getaddrinfo'), { hostname });
    expect(read(lost('ec2.eu-west-9.amazonaws.com'))).toBe('ProviderRefused none');
    expect((readAwsError(lost('ec2.eu-west-9.amazonaws.com')) as Error).message).toBe('there is no region eu-west-9');
    expect(read(lost('ec2.eu-west-1.amazonaws.com'))).toBe('ProviderUnavailable none');
  });

  it('is not made of a mistake of ours', () => {
    const mistake = new TypeError('undefined is not a function');
    expect(read(mistake)).toBe(mistake);
  });

  it('shows its sentence without the part that only the account may decode, and bounded', () => {
    const error = Object.assign(awsError('UnauthorizedOperation', 403), {
      message: 'You are not authorized. Encoded authorization failure message: 4HOPosPabc',
    });
    expect((readAwsError(error) as Error).message).toBe('UnauthorizedOperation: You are not authorized.');
    const long = Object.assign(awsError('InvalidParameterValue'), { message: 'x'.repeat(5_000) });
    expect((readAwsError(long) as Error).message.length).toBe(200);
  });
});

describe('a change of a machine that EC2 forbids', () => {
  const id = 'i-00000000000000001';
  const account = { ask: async () => '111122223333' };
  const forbidden = awsError('UnauthorizedOperation', 403);
  /** Of a policy that goes by our tag; `state` is what a look answers, which no policy keeps from us. */
  const provider = (state: string | undefined) => {
    const send = async (command: unknown) => {
      if (!(command instanceof DescribeInstancesCommand)) throw forbidden;
      if (state === undefined) throw awsError('InvalidInstanceID.NotFound');
      return { Reservations: [{ Instances: [{ InstanceId: id, State: { Name: state } }] }] };
    };
    return createAwsProvider({ send } as unknown as EC2Client, account);
  };
  const changes = {
    start: (state) => provider(state).start(id),
    stop: (state) => provider(state).stop(id),
    restart: (state) => provider(state).restart(id),
    setInstanceType: (state) => provider(state).setInstanceType(id, 't3.small'),
    setTags: (state) => provider(state).setTags(id, { name: 'web-1', tags: {}, gone: [] }),
    terminate: (state) => provider(state).terminate(id),
  } satisfies Record<string, (state: string | undefined) => Promise<void>>;
  const outcomes = async (state: string | undefined) =>
    Object.fromEntries(
      await Promise.all(
        Object.entries(changes).map(async ([name, change]) => [
          name,
          await change(state).then(
            () => 'done',
            (error: Error) => error.name,
          ),
        ]),
      ),
    );
  const all = (name: string) => Object.fromEntries(Object.keys(changes).map((change) => [change, name]));

  it('is one of a machine that is gone where a look finds none, or a dead one: ending that is done', async () => {
    expect(await outcomes(undefined)).toEqual(all('MachineGone'));
    expect(await outcomes('terminated')).toEqual({ ...all('MachineGone'), terminate: 'done' });
    expect(await outcomes('shutting-down')).toEqual({ ...all('MachineGone'), terminate: 'done' });
  });

  it('is one that the credential lacks the right to, where the machine is there', async () => {
    expect(await outcomes('running')).toEqual(all('CredentialRejected'));
  });
});
