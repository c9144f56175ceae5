import { operations } from './operations';
import { purgeSecret } from './operations/delete-secret';
import { reattempt, rotateOnSchedule } from './operations/rotation';
import { rotateAgain, rotationStepEnded } from './rotation-attempt';
import type { Service } from '../../wire/operation';

/** Secrets Manager. */
export const secretsmanager: Service = {
  name: 'secretsmanager',
  operations,
  events: { 'purge-secret': purgeSecret, 'rotate': rotateOnSchedule, 'rotate-again': rotateAgain, 'rotation-step-ended': rotationStepEnded },
  watch: reattempt,
};
