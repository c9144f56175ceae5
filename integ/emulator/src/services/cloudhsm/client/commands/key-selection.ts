import { keysOf } from '../../hsm/coverage';
import type { KeySummary } from '../../hsm/coverage';
import type { Session } from '../session';
import { Refusal } from '../stop';

/** Own keys, shared keys and all public keys; an administrator sees them all. */
export function visible(session: Session): KeySummary[] {
  const { username, role } = session.user;
  return keysOf(session.links.map(({ partition }) => partition)).filter(({ key }) => role === 'admin'
    || key.owner === username || key.sharedWith.includes(username) || key.attributes.class === 'public-key');
}

export function own(session: Session): KeySummary[] {
  return visible(session).filter(({ key }) => key.owner === session.user.username);
}

/** `key-reference=…` and `attr.<name>=…`, all of which must match. */
export function matching(keys: readonly KeySummary[], filters: readonly string[]): KeySummary[] {
  const conditions = filters.map((filter) => {
    const [name, ...rest] = filter.split('=');
    const wanted = rest.join('=');
    if (name === 'key-reference') return ({ key }: KeySummary) => key.reference === wanted;
    if (!name.startsWith('attr.')) throw new Refusal('text-key-option', { option: '--filter', problem: `${name} is not a filter` });
    return ({ key }: KeySummary) => String(key.attributes[name.slice('attr.'.length)]) === wanted;
  });
  return keys.filter((key) => conditions.every((condition) => condition(key)));
}

/** The one key that is meant. */
export function theOne(keys: readonly KeySummary[], filters: readonly string[]): KeySummary {
  const found = matching(keys, filters);
  if (found.length > 1) throw new Refusal('text-key-many', { count: found.length });
  if (found.length === 0) throw new Refusal('text-no-key');
  return found[0];
}

/** The one key for a use, which its attributes must permit and which must be on enough HSMs. */
export function usable(session: Session, keys: readonly KeySummary[], filters: readonly string[], use: string): KeySummary {
  const found = theOne(keys, filters);
  if (found.key.attributes[use] !== true) throw new Refusal('text-key-use', { key: found.key.reference, use });
  const count = session.context.row<number>('cloudhsm-client/minimum-hsms-for-key');
  if (session.checksKeyAvailability && session.links.length < count) throw new Refusal('text-key-availability', { key: found.key.reference, count });
  return found;
}
