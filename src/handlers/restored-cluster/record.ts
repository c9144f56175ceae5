import { RESTORED_PREFIX } from '../../lifecycle/restored-cluster-contract';
import type { ParameterApi } from '../aws/parameters';
import { resourceKey } from '../engine/request';
import type { Request } from '../engine/request';

/** What a request chose, written down before anything is made, and what came of it. */
export interface RestoreRecord {
  /** The request that chose: a later Create of the same resource chooses anew. */
  readonly request: string;
  readonly backupId: string;
  readonly adminSecretVersionIds: string;
  readonly clusterId?: string;
}

export async function readRecord(parameters: ParameterApi, request: Request): Promise<RestoreRecord | undefined> {
  const text = await parameters.get(nameOf(request));
  return text === undefined ? undefined : JSON.parse(text) as RestoreRecord;
}

export async function writeRecord(parameters: ParameterApi, request: Request, record: RestoreRecord): Promise<void> {
  await parameters.overwrite(nameOf(request), JSON.stringify(record));
}

export async function forgetRecord(parameters: ParameterApi, request: Request): Promise<void> {
  await parameters.delete([nameOf(request)]);
}

/** Value of the tag that the cluster of a record carries: one for each request, so that a cluster that was kept is never taken for a new one. */
export function tagValue(request: Request, record: Pick<RestoreRecord, 'request'>): string {
  return `${resourceKey(request)}/${record.request}`;
}

function nameOf(request: Request): string {
  return `${RESTORED_PREFIX}/${resourceKey(request)}`;
}
