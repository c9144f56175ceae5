import { setTimeout } from 'node:timers/promises';
import type { Context } from 'aws-lambda';
import { ROTATION_ENVIRONMENT } from '../lifecycle/rotation-contract';
import { reasonOf } from './engine/failure';
import { rotationAws } from './rotation/aws';
import { rotate } from './rotation/rotation';
import type { RotationEvent } from './rotation/rotation';
import { settingsOf } from './rotation/settings';

/** Made once for all steps: their connections are kept. */
const clients = rotationAws();

/**
 * Rotates passwords of HSM users for Secrets Manager, which calls it for each step of a rotation and, when one fails, for all of them again.
 *
 * A function of its own beside the lifecycle's: that one takes a step of a minute at most and may do everything to a cluster, this one waits for a script and
 * may do little. It reads no password but those it makes.
 */
export async function handler(event: RotationEvent, context: Context): Promise<void> {
  const about = { step: event.Step, secret: event.SecretId, version: event.ClientRequestToken };
  try {
    const settings = await settingsOf(clients.parameters, process.env[ROTATION_ENVIRONMENT.settingsPath]!, event.SecretId);
    await rotate(clients, settings, event, context.awsRequestId, {
      now: Date.now,
      sleep: async (seconds) => setTimeout(seconds * 1000),
      end: Date.now() + context.getRemainingTimeInMillis(),
    });
    console.log(JSON.stringify({ ...about, ended: 'well' }));
  } catch (error) {
    const reason = reasonOf(error);
    console.log(JSON.stringify({ ...about, failed: reason }));
    throw new Error(reason);
  }
}
