import type { ProbeAws } from './aws';
import { reading } from './report';
import type { ProbeReport } from './report';
import { PROBE_DIMENSIONS, PROBE_METRICS } from '../../lifecycle/probe-contract';
import type { KeyStoreProbe } from '../../lifecycle/probe-contract';

/** Does what every service does that uses a key of the store. Its ConnectionState says nothing: it stays CONNECTED when the HSMs are gone. */
export async function probeKeyStore(aws: Pick<ProbeAws, 'makeDataKey'>, { CustomKeyStoreId, KeyArn }: KeyStoreProbe): Promise<ProbeReport> {
  const made = await reading('data key', async () => aws.makeDataKey(KeyArn));
  const failed = 'problem' in made;
  return {
    dimension: PROBE_DIMENSIONS.keyStore,
    id: CustomKeyStoreId,
    metrics: [{ name: PROBE_METRICS.dataKeyMade, unit: 'Count', value: failed ? 0 : 1 }],
    problems: failed ? [made.problem] : [],
  };
}
