import { describe, expect, it } from 'vitest';
import { unavailable } from '../../../contracts/errors.ts';
import { ProviderError, providerErrorNames } from '../../../functions/compute/domain/provider-error.ts';
import { statusReason } from '../../../functions/compute/domain/status-reason.ts';
import { leaveAs, StepError } from '../../../functions/compute/steps/step-error.ts';

describe('the reason that a VM shows', () => {
  it('is a code and what the provider said', () => {
    expect(statusReason('ImageNotFound', 'there is no ami-1')).toBe('IMAGE_NOT_FOUND: there is no ami-1');
    expect(statusReason('MachineGone')).toBe('MACHINE_GONE');
  });

  it('is there for every error of a provider', () => {
    for (const name of providerErrorNames) expect(statusReason(name)).toMatch(/^(?!INTERNAL)[A-Z_]+$/);
  });

  it('says of a wait in vain that it took too long', () => {
    expect([statusReason('StillBusy', 'x'), statusReason('States.Timeout', 'x')]).toEqual(['TIMED_OUT', 'TIMED_OUT']);
  });

  it('says of a platform that had no room for its work that it was busy', () => {
    expect(statusReason('Lambda.TooManyRequestsException', 'Rate Exceeded.')).toBe('PLATFORM_BUSY');
  });

  it('shows nothing of what we said ourselves', () => {
    for (const name of ['StepFailed', 'StoreUnavailable', 'TypeError', 'Lambda.Unknown', '']) {
      expect(statusReason(name, 'secret')).toBe('INTERNAL_ERROR');
    }
  });

  it('is bounded', () => {
    expect(statusReason('ProviderRefused', 'x'.repeat(10_000)).length).toBeLessThanOrEqual(250);
  });
});

describe('an error that leaves a step', () => {
  it('keeps the name that Retry and Catch match on', () => {
    const refused = new ProviderError('CapacityLacking', 'none left');
    expect(leaveAs(refused)).toBe(refused);
    expect(leaveAs(new StepError('StillBusy', 'still')).name).toBe('StillBusy');
    expect(leaveAs(unavailable(2)).name).toBe('StoreUnavailable');
  });

  it('says nothing of an error that nobody foresaw', () => {
    const left = leaveAs(new Error('AKIASECRETSECRETSECR'));
    expect([left.name, left.message]).toEqual(['StepFailed', 'the step failed; its log line says why']);
    expect(JSON.stringify({ name: left.name, message: left.message })).not.toContain('AKIA');
  });
});
