import { isAccessDenied } from '../aws/errors';

/** How long a denial may be one that passes; short enough for the function to answer for itself afterwards, whose limit is a minute. */
const SETTLE_MS = 40_000;

/** Milliseconds between two tries. */
const AGAIN_MS = 3_000;

/** Permissions that were granted moments ago are not obeyed yet: an attempt that is denied is repeated for a while. */
export async function whenAllowed<T>(attempt: () => Promise<T>): Promise<T> {
  const until = Date.now() + SETTLE_MS;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (!isAccessDenied(error) || Date.now() + AGAIN_MS > until) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
  }
}
