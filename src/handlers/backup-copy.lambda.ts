import { copyAws } from './backup-copy/aws';
import { copyBackups } from './backup-copy/copy';
import { logLine } from './probe/report';
import type { BackupCopyOrder } from '../lifecycle/backup-copy-contract';

/** Made once for all looks. */
const clients = copyAws();

/**
 * Copies the newest backup of a cluster to other Regions, deletes copies that are too old, and reports how old the newest one is. Each look finds out for itself what is to be
 * done, so one that failed is made good by the next.
 */
export async function handler(order: BackupCopyOrder): Promise<void> {
  const now = Date.now();
  const report = await copyBackups(clients, order, now);
  // Not by console: Lambda puts a prefix before its lines, and one with metrics has to be JSON alone.
  process.stdout.write(logLine(report, now));
}
