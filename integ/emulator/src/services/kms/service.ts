import { disconnected, loggedIn, networkMade } from './key-stores/connection';
import { operations } from './operations';
import { deleteKey } from './operations/key-state';
import { rotateAutomatically } from './operations/rotation';
import type { Service } from '../../wire/operation';

/** Key Management Service, with real keys. What only uses a key changes nothing. */
export const kms: Service = {
  name: 'kms',
  operations,
  events: {
    'delete-key': deleteKey,
    'rotate-key': rotateAutomatically,
    'key-store-network': networkMade,
    'key-store-login': loggedIn,
    'key-store-disconnected': disconnected,
  },
  reads: [
    'Decrypt', 'Encrypt', 'GenerateDataKey', 'GenerateDataKeyPair', 'GenerateDataKeyPairWithoutPlaintext', 'GenerateDataKeyWithoutPlaintext', 'GenerateMac',
    'GenerateRandom', 'ReEncrypt', 'Sign', 'Verify', 'VerifyMac',
  ],
};
