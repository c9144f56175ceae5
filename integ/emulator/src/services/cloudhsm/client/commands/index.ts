import { clusterCommands } from './cluster';
import type { Command } from './command';
import { keyCommands } from './key';
import { quorumCommands } from './quorum';
import { userCommands } from './user';

export const COMMANDS: readonly Command[] = [...clusterCommands, ...userCommands, ...quorumCommands, ...keyCommands];

/** Commands of the real tool that are not here: they must not look like typing errors. */
export const NOT_BUILT: readonly string[] = [
  'interactive', 'login', 'logout', 'cluster mtls', 'user change-mfa', 'user change-quorum', 'user replicate', 'quorum token-sign',
  'key generate-asymmetric-pair ml-dsa', 'key generate-file', 'key import', 'key share', 'key unshare', 'key set-attribute', 'key replicate',
  'key wrap', 'key unwrap', 'crypto',
];
