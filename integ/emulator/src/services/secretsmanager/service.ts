import { operations } from './operations';
import { purgeSecret } from './operations/delete-secret';
import { rotateOnSchedule, rotationStepEnded } from './operations/rotation';
import type { Service } from '../../wire/operation';

/** Secrets Manager. */
export const secretsmanager: Service = {
  name: 'secretsmanager',
  operations,
  events: { 'purge-secret': purgeSecret, 'rotate': rotateOnSchedule, 'rotation-step-ended': rotationStepEnded },
};
