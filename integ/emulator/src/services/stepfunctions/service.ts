import { events } from './events';
import { operations } from './operations';
import type { Service } from '../../wire/operation';

/** Step Functions: state machines and their executions, interpreted as stored events. */
export const stepfunctions: Service = { name: 'stepfunctions', operations, events };
