import { createHash } from 'crypto';
import type { ScheduledAction } from '../../lifecycle/schedule-contract';

/** A CloudFormation request as it travels through the machine: without its response URL, which is sealed. */
export interface Request {
  readonly type: 'Create' | 'Update' | 'Delete';
  readonly requestId: string;
  readonly stackId: string;
  readonly logicalId: string;
  readonly resourceType: string;
  /** As CloudFormation knows it. On a Delete it may be one that CloudFormation made up. */
  readonly physicalId?: string;
  readonly properties: Properties;
  readonly oldProperties?: Properties;
  /** Epoch milliseconds after which CloudFormation no longer listens. */
  readonly deadline: number;
  /** What a schedule asks for rather than CloudFormation: nobody waits for an answer. */
  readonly scheduled?: ScheduledAction;
}

/** Properties as CloudFormation sends them: strings, lists of strings. */
export type Properties = Readonly<Record<string, unknown>>;

/** Identifies a resource over all its requests and whatever physical id it goes by. */
export function resourceKey(request: Pick<Request, 'stackId' | 'logicalId'>): string {
  return createHash('sha256').update(`${request.stackId}/${request.logicalId}`).digest('hex').slice(0, 24);
}
