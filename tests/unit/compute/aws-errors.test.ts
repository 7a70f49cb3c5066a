import { describe, expect, it } from 'vitest';
import { ProviderError } from '../../../functions/compute/domain/provider-error.ts';
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
