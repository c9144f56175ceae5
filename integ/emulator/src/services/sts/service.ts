import { setHost } from './host';
import { operations } from './operations';
import type { Service } from '../../wire/operation';

/** STS: who is calling, and keys for being somebody else. Keeps nothing. */
export const sts: Service = { name: 'sts', operations, reads: ['AssumeRole'], start: setHost };
