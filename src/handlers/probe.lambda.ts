import type { Probe } from '../lifecycle/probe-contract';
import { probeAws } from './probe/aws';
import { probeCluster } from './probe/cluster';
import { probeKeyStore } from './probe/key-store';
import { logLine } from './probe/report';

/** Made once for all looks. A connection that died meanwhile is noticed by a call that the SDK may repeat: none changes anything. */
const clients = probeAws();

/** Looks at one thing, as a schedule asks for, and writes what it saw to the log, from which CloudWatch takes metrics. */
export async function handler(probe: Probe): Promise<void> {
  const now = Date.now();
  const report = probe.Probe === 'KEY_STORE' ? await probeKeyStore(clients, probe) : await probeCluster(clients, probe, now);
  // Not by console: Lambda puts a prefix before its lines, and one with metrics has to be JSON alone.
  process.stdout.write(logLine(report, now));
}
