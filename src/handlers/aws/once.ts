import { SETTINGS } from './client-settings';

/**
 * Settings of a client for a call that must not be made twice by itself: the SDK does not repeat it.
 *
 * Such a client is made for the one call. Others live as long as the function, which Lambda may have frozen meanwhile: a connection that died then is noticed
 * only when it is used, and for these calls that would be a lost answer.
 */
export const ONCE = { ...SETTINGS, maxAttempts: 1 };
