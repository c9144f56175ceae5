import { events } from './events';
import { operations } from './operations';
import type { Service } from '../../wire/operation';

/** The control plane. */
export const cloudhsmv2: Service = { name: 'cloudhsmv2', operations, events };
