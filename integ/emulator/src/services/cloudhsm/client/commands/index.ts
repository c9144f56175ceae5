import { clusterCommands } from './cluster';
import type { Command } from './command';
import { cryptoCommands } from './crypto';
import { keyCommands } from './key';
import { keyFileCommands } from './key-files';
import { setAttributeCommands } from './key-set-attribute';
import { shareCommands } from './key-share';
import { wrappingCommands } from './key-wrap';
import { mtlsCommands } from './mtls';
import { quorumCommands } from './quorum';
import { replicateCommands } from './replicate';
import { userCommands } from './user';

export const COMMANDS: readonly Command[] = [
  ...clusterCommands, ...userCommands, ...quorumCommands, ...keyCommands, ...shareCommands, ...setAttributeCommands, ...keyFileCommands,
  ...wrappingCommands, ...cryptoCommands, ...replicateCommands, ...mtlsCommands,
];

/** Commands of the real tool that are not here: they must not look like typing errors. */
export const NOT_BUILT: readonly string[] = [
  'interactive', 'login', 'logout', 'user change-mfa', 'quorum token-sign',
  'key generate-asymmetric-pair ml-dsa', 'crypto',
];
