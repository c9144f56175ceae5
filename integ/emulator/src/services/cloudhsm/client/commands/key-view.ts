import type { KeySummary } from '../../hsm/coverage';
import type { HsmKey } from '../../hsm/partition';

/** A key in full, as creation and `key list --verbose` show it. */
export function keyView({ key, coverage }: KeySummary): object {
  return {
    'key-reference': key.reference,
    'key-info': {
      'key-owners': [{ 'username': key.owner, 'key-coverage': coverage }],
      'shared-users': key.sharedWith.map((username) => ({ username, 'key-coverage': coverage })),
      'key-quorum-values': { 'manage-key-quorum-value': 0, 'use-key-quorum-value': 0 },
      'cluster-coverage': key.attributes.token === false ? 'session' : coverage,
    },
    'attributes': key.attributes,
  };
}

export function created(key: HsmKey): object {
  return keyView({ key, coverage: 'full' });
}
