import { ENVIRONMENT } from '../../lifecycle/resource-contract';
import type { KeyApi } from '../aws/keys';

/**
 * The response URL is a bearer secret: whoever has it can answer for the resource. It travels through the machine encrypted,
 * bound to its request, and is opened only to answer.
 */
export async function sealUrl(keys: KeyApi, url: string, requestId: string): Promise<string> {
  return keys.encrypt(providerKey(), url, { RequestId: requestId });
}

export async function openUrl(keys: KeyApi, sealed: string, requestId: string): Promise<string> {
  return keys.decrypt(providerKey(), sealed, { RequestId: requestId });
}

function providerKey(): string {
  return process.env[ENVIRONMENT.providerKeyArn]!;
}
