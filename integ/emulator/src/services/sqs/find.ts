import { endpointOf } from './host';
import { queues } from './state';
import type { QueueRecord } from './state';
import { refusal } from './text';
import type { Context } from '../../wire/operation';

export interface Found {
  readonly queue: QueueRecord;
  readonly context: Context;
}

/** Only the path of a URL counts: account and name. Who kept the URL of another port finds the queue as well. */
export function findQueue(context: Context, url: string): Found {
  const [, account, name] = /(?:^|\/)(\d{12})\/([^/]+)\/?$/.exec(url) ?? [];
  const place = account === undefined || account === context.account ? context : context.at({ account });
  const queue = queues(place).get(name ?? url);
  if (!queue) throw refusal(context, 'QueueDoesNotExist', 'text-no-queue');
  return { queue, context: place };
}

/** Clients send the next request where a queue's URL points, so it points here. */
export function urlOf(context: Context, name: string): string {
  return `${endpointOf(context.kernel) ?? `https://sqs.${context.region}.amazonaws.com`}/${context.account}/${name}`;
}
