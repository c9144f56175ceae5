import { events } from './events';
import { operations } from './operations';
import type { Service } from '../../wire/operation';

/** Auto Scaling: groups that keep as many instances as they should. */
export const autoscaling: Service = { name: 'autoscaling', operations, events };
