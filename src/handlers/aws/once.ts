import { SETTINGS } from './client-settings';

interface Token {
  getRetryCount(): number;
  getRetryDelay(): number;
}

const FIRST: Token = { getRetryCount: () => 0, getRetryDelay: () => 0 };

/** Whatever went wrong: there is no second time. */
const NEVER_AGAIN = {
  mode: 'standard',
  acquireInitialRetryToken: async (): Promise<Token> => FIRST,
  refreshRetryTokenForRetry: async (): Promise<Token> => {
    throw new Error('this call is made once');
  },
  recordSuccess: (): void => undefined,
};

/**
 * Settings of a client for a call that must not be made twice by itself: the SDK does not repeat it.
 *
 * `maxAttempts: 1` alone would not do: in the only version there is of the client for CloudHSM it means one attempt and one more.
 *
 * Such a client is made for the one call. Others live as long as the function, which Lambda may have frozen meanwhile: a connection that died then is noticed
 * only when it is used, and for these calls that would be a lost answer.
 */
export const ONCE = { ...SETTINGS, maxAttempts: 1, retryStrategy: NEVER_AGAIN };
