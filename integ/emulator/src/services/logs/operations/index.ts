import { filterLogEvents, getLogEvents, putLogEvents, testMetricFilter } from './events';
import {
  deleteMetricFilter, deleteSubscriptionFilter, describeMetricFilters, describeSubscriptionFilters, putMetricFilter, putSubscriptionFilter,
} from './filters';
import {
  associateKmsKey, createLogGroup, deleteLogGroup, deleteRetentionPolicy, describeLogGroups, disassociateKmsKey, listLogGroups,
  putLogGroupDeletionProtection,
  putRetentionPolicy,
} from './groups';
import { deleteQueryDefinition, describeQueryDefinitions, putQueryDefinition } from './query-definitions';
import { deleteResourcePolicy, describeResourcePolicies, putResourcePolicy } from './resource-policies';
import { createLogStream, deleteLogStream, describeLogStreams } from './streams';
import { listTags, tagResource, untagLogGroup, untagResource } from './tags';
import type { Operation } from '../../../wire/operation';

export const operations: Readonly<Record<string, Operation>> = {
  AssociateKmsKey: associateKmsKey,
  CreateLogGroup: createLogGroup,
  CreateLogStream: createLogStream,
  DeleteLogGroup: deleteLogGroup,
  DeleteLogStream: deleteLogStream,
  DeleteMetricFilter: deleteMetricFilter,
  DeleteQueryDefinition: deleteQueryDefinition,
  DeleteResourcePolicy: deleteResourcePolicy,
  DeleteRetentionPolicy: deleteRetentionPolicy,
  DeleteSubscriptionFilter: deleteSubscriptionFilter,
  DescribeLogGroups: describeLogGroups,
  DescribeLogStreams: describeLogStreams,
  DescribeMetricFilters: describeMetricFilters,
  DescribeQueryDefinitions: describeQueryDefinitions,
  DescribeResourcePolicies: describeResourcePolicies,
  DescribeSubscriptionFilters: describeSubscriptionFilters,
  DisassociateKmsKey: disassociateKmsKey,
  FilterLogEvents: filterLogEvents,
  GetLogEvents: getLogEvents,
  ListLogGroups: listLogGroups,
  ListTagsForResource: listTags,
  ListTagsLogGroup: listTags,
  PutLogEvents: putLogEvents,
  PutLogGroupDeletionProtection: putLogGroupDeletionProtection,
  PutMetricFilter: putMetricFilter,
  PutQueryDefinition: putQueryDefinition,
  PutResourcePolicy: putResourcePolicy,
  PutRetentionPolicy: putRetentionPolicy,
  PutSubscriptionFilter: putSubscriptionFilter,
  TagLogGroup: tagResource,
  TagResource: tagResource,
  TestMetricFilter: testMetricFilter,
  UntagLogGroup: untagLogGroup,
  UntagResource: untagResource,
};
