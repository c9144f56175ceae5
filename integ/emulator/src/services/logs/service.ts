import { operations } from './operations';
import type { Service } from '../../wire/operation';

/** CloudWatch Logs. Nothing that happens depends on what is in a log. */
export const logs: Service = { name: 'logs', operations, reads: ['TestMetricFilter'], aside: ['PutLogEvents'] };
