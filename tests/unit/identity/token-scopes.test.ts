import type { PreTokenGenerationV2TriggerEvent } from 'aws-lambda';
import { expect, it } from 'vitest';
import { handler } from '../../../functions/identity/handlers/token-scopes.lambda.ts';

it('takes the scope to call Cognito out of an access token, and leaves all else as it is', async () => {
  const event = {
    version: '2',
    triggerSource: 'TokenGeneration_RefreshTokens',
    userName: 'somebody',
    request: { userAttributes: {}, groupConfiguration: {}, scopes: ['aws.cognito.signin.user.admin'] },
    response: { claimsAndScopeOverrideDetails: null },
  } as unknown as PreTokenGenerationV2TriggerEvent;
  expect(await handler(event)).toEqual({
    ...event,
    response: {
      claimsAndScopeOverrideDetails: {
        accessTokenGeneration: { scopesToSuppress: ['aws.cognito.signin.user.admin'] },
      },
    },
  });
});
