import { SETTINGS } from './client-settings';

/**
 * Settings of a client for a call that must not be made twice by itself: the SDK does not repeat it.
 *
 * Said by a strategy, not by a number of attempts: a client of 2023, which is the newest one that there is for CloudHSM, takes `maxAttempts: 1` for one
 * repetition.
 *
 * Such a client is made for the one call. Others live as long as the function, which Lambda may have frozen meanwhile: a connection that died then is noticed
 * only when it is used, and for these calls that would be a lost answer.
 */
export const ONCE = {
  ...SETTINGS,
  maxAttempts: 1,
  retryStrategy: {
    acquireInitialRetryToken: async () => ({ getRetryCount: () => 0, getRetryDelay: () => 0 }),
    refreshRetryTokenForRetry: async (): Promise<never> => {
      throw new Error('this call is never repeated');
    },
    recordSuccess: () => undefined,
  },
};
