/** Staging labels of a secret's versions. */
export const CURRENT = 'AWSCURRENT';
export const PREVIOUS = 'AWSPREVIOUS';
export const PENDING = 'AWSPENDING';

/** On the newest version that names the alternate user: what tells, without reading the secret, whose turn it is. */
export const ALTERNATE = 'cdk-cloudhsm-alternate';
