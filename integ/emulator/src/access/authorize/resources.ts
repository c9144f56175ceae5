import { factsOf } from './action-facts';
import type { Asked, Desk } from './asked';
import { typedResources } from './forms';
import { OWN_WAYS } from './own-ways';

/** ARNs of what an action is asked for on; `*` alone for an action without resources. */
export function resourcesOf(action: string, asked: Asked, desk: Desk): readonly string[] {
  const [prefix] = action.split(':');
  const types = factsOf(action)?.types ?? [];
  if (types.length === 0) return ['*'];
  const own = OWN_WAYS[prefix]?.(action, asked, desk, types);
  // Only KMS says of nothing that it is nothing.
  if (own && (own.length > 0 || prefix === 'kms')) return [...new Set(own)];
  const found = typedResources(prefix, types, asked, desk);
  return found.length === 0 ? ['*'] : [...new Set(found)];
}
