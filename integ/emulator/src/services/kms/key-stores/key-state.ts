import { materialIsLost, storeOf } from './backing-key';
import type { Context } from '../../../wire/operation';
import type { KeyRecord } from '../state';

/**
 * A key's state as it is shown: in a store that is not connected it is unavailable, unless it waits for its deletion.
 * What it was comes back with the connection.
 */
export function shownState(context: Context, key: KeyRecord): KeyRecord['state'] | 'Unavailable' {
  if (!key.backing || key.state === 'PendingDeletion') return key.state;
  if (storeOf(context, key)?.state !== 'CONNECTED') return 'Unavailable';
  return context.row('kms/state-without-material') === 'unavailable' && materialIsLost(context, key) ? 'Unavailable' : key.state;
}
