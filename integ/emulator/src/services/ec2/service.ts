import { events } from './events';
import { setHost } from './host';
import { operations } from './operations';
import type { Service } from '../../wire/operation';

/** EC2: networks, instances and what lies between them. */
export const ec2: Service = {
  name: 'ec2',
  operations,
  events,
  reads: ['EmulatedEndpoint', 'EmulatedNetworkDecisions', 'EmulatedNetworkPath', 'EmulatedServicePath'],
  start: setHost,
};
