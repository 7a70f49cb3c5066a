import type { PreTokenGenerationV2TriggerEvent } from 'aws-lambda';

/** With it a token may call Cognito itself, past our API: change the password or delete the account, and after a logout, too. */
const selfService = 'aws.cognito.signin.user.admin';

/**
 * Cognito's trigger before it signs tokens (event version V2_0): leaves the one scope out that it puts into each access token. It imports nothing and calls
 * nobody, since every sign-in and refresh waits for it, and fails where it does.
 */
export const handler = async (event: PreTokenGenerationV2TriggerEvent): Promise<PreTokenGenerationV2TriggerEvent> => ({
  ...event,
  response: {
    claimsAndScopeOverrideDetails: { accessTokenGeneration: { scopesToSuppress: [selfService] } },
  },
});
