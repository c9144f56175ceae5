import type { Service } from '../../wire/operation';
import { operations } from './operations';

/** CloudWatch Logs. Nothing that happens depends on what is in a log. */
export const logs: Service = { name: 'logs', operations, reads: ['TestMetricFilter'], aside: ['PutLogEvents'] };
