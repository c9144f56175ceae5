import {
  bootScriptEnded, instanceChecked, instanceForgotten, instanceRunning, instanceStopped, instanceTerminated, instanceUserData,
} from './instance-life';
import { endpointGone, endpointReady } from './operations/endpoints';
import { natGatewayForgotten, natGatewayGone, natGatewayReady } from './operations/nat-gateways';
import type { ServiceEvent } from '../../wire/operation';

export const events: Readonly<Record<string, ServiceEvent>> = {
  'boot-script-ended': bootScriptEnded,
  'endpoint-gone': endpointGone,
  'endpoint-ready': endpointReady,
  'instance-checked': instanceChecked,
  'instance-forgotten': instanceForgotten,
  'instance-running': instanceRunning,
  'instance-stopped': instanceStopped,
  'instance-terminated': instanceTerminated,
  'instance-user-data': instanceUserData,
  'nat-gateway-forgotten': natGatewayForgotten,
  'nat-gateway-gone': natGatewayGone,
  'nat-gateway-ready': natGatewayReady,
};
