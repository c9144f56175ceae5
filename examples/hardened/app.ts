/**
 * Hardened: a cluster for those whose auditors ask. No way to the internet, the lifecycle function inside the VPC with reserved concurrency and a dead-letter
 * topic, a permissions boundary on every role, flow logs, own keys, client packages from a bucket of your own with a pinned version.
 *
 * Clean on the six packs of cdk-nag but for what acknowledgements.ts accepts, each with its reason.
 *
 * Costs: three HSMs, about $4.80 an hour in us-east-1 ($3,500 a month), until the cluster is deleted: deleting the stacks keeps it. Eleven interface
 * endpoints in three zones, about $240 a month. An account that cannot reserve concurrency (a limit of 10) has to leave that line out.
 *
 * Before: mirror AWS's client packages into a bucket of yours and name it and their version in hardened.ts.
 *
 * Run: npx cdk deploy --all
 */
import { App } from 'aws-cdk-lib';
import { hardened } from './hardened';

hardened(new App());
