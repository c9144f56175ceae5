import { operations } from './operations';
import type { Service } from '../../wire/operation';

/** CloudWatch Logs. What happens depends on what is in a log only by way of the metrics in it, which alarms look at when their period is over. */
export const logs: Service = { name: 'logs', operations, reads: ['TestMetricFilter'], aside: ['PutLogEvents'] };
