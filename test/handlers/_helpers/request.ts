import type { Execution } from '../../../src/handlers/engine/execution';
import type { Request } from '../../../src/handlers/engine/request';
import { SERVICE_TIMEOUT_MINUTES } from '../../../src/lifecycle/resource-contract';

/** When every test begins. */
export const NOW = Date.UTC(2026, 10, 23, 18, 0);

export const SECOND = 1000;
export const MINUTE = 60 * SECOND;

export const CLUSTER_ID = 'cluster-igklspoyj5v';
export const STACK_ID = 'arn:aws:cloudformation:eu-west-1:111122223333:stack/Hsm/6c3d2f10-c8a1-11f0-9f6b-0a1b2c3d4e5f';
export const OTHER_STACK_ID = 'arn:aws:cloudformation:eu-west-1:111122223333:stack/Old/0b1e7a54-aa02-11f0-8d11-0f1e2d3c4b5a';

export const REQUEST_TYPES = ['Create', 'Update', 'Delete'] as const;

/** A request as `start` makes it. */
export function newRequest(type: Request['type'], resourceType: string, properties: object, overrides: Partial<Request> = {}): Request {
  return {
    type,
    requestId: '5f1c2c2b-8a0e-4b0b-9d43-3f0a5a0c7d11',
    stackId: STACK_ID,
    logicalId: resourceType.slice('Custom::'.length),
    resourceType,
    physicalId: type === 'Create' ? undefined : `${CLUSTER_ID}/known/0123456789abcdef`,
    properties: { ...properties },
    deadline: NOW + SERVICE_TIMEOUT_MINUTES * MINUTE,
    ...overrides,
  };
}

export function newExecution(request: Request, overrides: Partial<Execution> = {}): Execution {
  return { request, sealedUrl: 'sealed', startedAt: NOW, delay: 0, memory: {}, next: 'WAIT', seconds: 0, ...overrides };
}
